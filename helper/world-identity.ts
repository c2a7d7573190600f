import { readFileSync, readlinkSync } from 'node:fs'

/** Names the network stack this process sees, for this boot: what the kernel holds of ours lives and dies with it. */
export const worldIdentity = (): string => {
  const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
  return `${boot} ${readlinkSync('/proc/self/ns/net')}`
}
