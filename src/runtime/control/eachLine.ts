const newline = 10;

/**
 * Cuts a stream of bytes into lines of at most `most` bytes, however the bytes arrive. A longer line is given up
 * with `tooLong`, before the rest of it is kept.
 *
 * @example socket.on("data", eachLine(65_536, (line) => answer(line), () => socket.destroy()))
 */
export const eachLine = (most: number, take: (line: string) => void, tooLong: () => void = () => {}) => {
  let parts: Buffer[] = [];
  let held = 0;
  const keep = (part: Buffer): boolean => {
    held += part.length;
    if (held > most) return false;
    parts.push(part);
    return true;
  };
  return (bytes: Buffer): void => {
    let from = 0;
    for (let end = bytes.indexOf(newline); end >= 0; end = bytes.indexOf(newline, from)) {
      if (!keep(bytes.subarray(from, end))) {
        tooLong();
        return;
      }
      const line = Buffer.concat(parts).toString("utf8");
      [parts, held, from] = [[], 0, end + 1];
      take(line);
    }
    if (!keep(bytes.subarray(from))) tooLong();
  };
};
