/** IPv4, as `socket(2)` is asked for it, too. */
export const AF_INET = 2
/** Size of a `struct sockaddr_in`. */
export const SOCKADDR_BYTES = 16

export type Endpoint = { readonly address: string; readonly port: number }

/** `struct sockaddr_in` (`ip(7)`). Pure. */
export const renderSockaddr = ({ address, port }: Endpoint): Buffer => {
  const bytes = Buffer.alloc(SOCKADDR_BYTES)
  bytes.writeUInt16LE(AF_INET, 0)
  bytes.writeUInt16BE(port, 2)
  address.split('.').forEach((part, at) => void bytes.writeUInt8(Number(part), 4 + at))
  return bytes
}

/** Reads a `struct sockaddr_in`. Pure. */
export const parseSockaddr = (bytes: Buffer): Endpoint => ({
  address: [...bytes.subarray(4, 8)].join('.'),
  port: bytes.readUInt16BE(2),
})
