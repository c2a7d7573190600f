/** A probe: who sent it and which it is. The far end sends it back as it is. */
const MAGIC = Buffer.from('mole')

/** Bytes of a probe: magic, session, sequence. */
const LENGTH = 16

/** Renders a probe. `session` keeps answers to a former life of this prober apart. */
export const renderEcho = (session: number, sequence: number): Buffer => {
  const message = Buffer.alloc(LENGTH)
  MAGIC.copy(message)
  message.writeUInt32BE(session, 4)
  message.writeUInt32BE(sequence, 8)
  return message
}

/** Sequence of an echo of ours, or `null` when it is anything else. */
export const parseEcho = (message: Buffer, session: number): number | null =>
  message.length === LENGTH && message.subarray(0, 4).equals(MAGIC) && message.readUInt32BE(4) === session
    ? message.readUInt32BE(8)
    : null
