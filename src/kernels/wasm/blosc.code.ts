/** Made of assembly/blosc by `npm run wasm`: do not change by hand. */
export const code =
  "AGFzbQEAAAABBQFgAAF/AwIBAAUDAQAABxECBGJhc2UAAAZtZW1vcnkCAAoHAQUAQYAICw==";
