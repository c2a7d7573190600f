import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto'

/** DER of a PKCS #8 X25519 private key, up to the key itself (RFC 8410, section 7). */
const PKCS8_PREFIX = Buffer.from('302e020100300506032b656e04220420', 'hex')

/** Makes a Curve25519 private key (RFC 7748), in base64 as `wg genkey` prints it. */
export const makePrivateKey = (): string => {
  const { privateKey } = generateKeyPairSync('x25519')
  return privateKey.export({ format: 'der', type: 'pkcs8' }).subarray(-32).toString('base64')
}

/** The public key, in base64 as `wg pubkey` prints it. @throws Error when `privateKey` is not 32 bytes in base64. */
export const publicKeyOf = (privateKey: string): string => {
  const key = Buffer.from(privateKey, 'base64')
  if (key.length !== 32) throw new Error('a private key has 32 bytes')
  const der = Buffer.concat([PKCS8_PREFIX, key])
  const spki = createPublicKey(createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }))
  return spki.export({ format: 'der', type: 'spki' }).subarray(-32).toString('base64')
}
