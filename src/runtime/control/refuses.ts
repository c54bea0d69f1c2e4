import { connect } from "node:net";

/** Whether a socket is there and nobody listens at it: its run is dead. */
export const refuses = (address: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(address);
    socket.on("connect", () => {
      resolve(false);
      socket.destroy();
    });
    socket.on("error", (error: NodeJS.ErrnoException) => resolve(error.code === "ECONNREFUSED"));
  });
