import { z } from 'zod'
import { badInput, MoleError } from '../../../contract/errors.ts'
import {
  bastionCommonAddress,
  Cidr,
  parseNetwork,
  stableSourceAddress,
  tunnelAddresses,
} from '../../../domain/addressing.ts'
import { WireGuardKey } from '../../../domain/host-state.ts'
import { OURS } from '../../../domain/ours.ts'
import { bastionOfSlot, MAX_BASTIONS, MAX_TUNNELS_PER_BASTION } from '../../../domain/tunnel-plan.ts'

/** EC2 takes at most 16 KiB of user data before base64 (EC2 User Guide, "Run commands on your Linux instance at launch"). */
export const MAX_USER_DATA_BYTES = 16_384

/** Where iperf3 listens, on the tunnels' own addresses. */
export const MEASURE_PORT = 5201

/**
 * The shortest lease. A tunnel that works makes a handshake every 2 minutes, one that does not gives up after 3
 * (whitepaper of WireGuard, section 6.1): a shorter one would end bastions in use.
 */
const MIN_LEASE_SECONDS = 300

/** Everything that is put into the boot script. Each value is checked: the script runs as root on the bastion. */
const BootScriptValues = z.strictObject({
  /** The first of the bastion's tunnel slots, which count over all bastions of a deployment. */
  firstSlot: z
    .int()
    .min(1)
    .max((MAX_BASTIONS - 1) * MAX_TUNNELS_PER_BASTION + 1)
    .default(1),
  /** The DTN's public key of each slot, the first slot's first; their number is the number of slots. */
  hostPublicKeys: z
    .array(WireGuardKey)
    .min(1)
    .max(MAX_TUNNELS_PER_BASTION)
    .refine((keys) => new Set(keys).size === keys.length, {
      error: 'uses one key twice: a key must belong to one tunnel',
    }),
  /** UDP port of the first slot; slot N listens on `firstPort + N - firstSlot`, its second lane on eight more. */
  firstPort: z.int().min(1024).max(65_000),
  /** Network of the tunnels' own addresses, a /16. */
  baseCidr: Cidr.refine((text) => parseNetwork(text)?.prefix === 16, { error: 'must be a /16' }),
  privateCidr: Cidr,
  /** `nat`: the bastion masquerades. `routes`: the private network's own routes for `baseCidr` lead to the bastion. */
  privateRouting: z.enum(['nat', 'routes']).default('nat'),
  mtuBytes: z.int().min(1280).max(9000),
  /** The bastion ends itself when no tunnel has made a handshake for so long, seconds; 0: never. */
  leaseSeconds: z
    .int()
    .max(30 * 86_400)
    .refine((seconds) => seconds === 0 || seconds >= MIN_LEASE_SECONDS, {
      error: `must be 0 (never) or at least ${MIN_LEASE_SECONDS}`,
    })
    .default(0),
  /** Whether iperf3 listens on the bastion's tunnel addresses, for the DTN's alone. */
  measure: z.boolean().default(false),
  /** Memory limit of each userspace WireGuard, MiB (only where the kernel has none). */
  memoryLimitMebibytes: z.int().min(32).max(16_384).default(128),
})
export type BootScriptInput = z.input<typeof BootScriptValues>
type BootScriptOutput = z.output<typeof BootScriptValues>

const placeholders = (values: BootScriptOutput): ReadonlyMap<string, string> => {
  const base = parseNetwork(values.baseCidr)
  if (base === null) throw new MoleError('bad-input', 'baseCidr is not a network.', { field: 'baseCidr' })
  return new Map([
    ['FIRST_SLOT', String(values.firstSlot)],
    ['SLOTS', String(values.hostPublicKeys.length)],
    ['FIRST_PORT', String(values.firstPort)],
    ['LANE_PORTS', String(MAX_TUNNELS_PER_BASTION)],
    ['COMMON_ADDRESS', bastionCommonAddress(base, bastionOfSlot(values.firstSlot))],
    ['AGENT_PORT', String(OURS.agentPort)],
    ['RELAY_PORT', String(OURS.relayPort)],
    ['TUNNEL_BASE', tunnelAddresses(base, 1).host.split('.').slice(0, 2).join('.')],
    ['SOURCE_ADDRESS', stableSourceAddress(base)],
    ['PRIVATE_CIDR', values.privateCidr],
    ['PRIVATE_ROUTING', values.privateRouting],
    ['MTU', String(values.mtuBytes)],
    ['ECHO_PORT', String(OURS.echoPort)],
    ['MEMORY_LIMIT', `${values.memoryLimitMebibytes}MiB`],
    ['LEASE_SECONDS', String(values.leaseSeconds)],
    ['MEASURE', String(values.measure)],
    ['MEASURE_PORT', String(MEASURE_PORT)],
    ['HOST_KEYS', values.hostPublicKeys.join(' ')],
  ])
}

/** What a checked value may look like once it is text: nothing a shell could read as anything but a word. */
const HARMLESS = /^[A-Za-z0-9.+/= ]+$/

const fill = (template: string, values: ReadonlyMap<string, string>): string =>
  template.replaceAll(/@([A-Z_]+)@/g, (whole, name: string) => {
    const value = values.get(name)
    if (value === undefined || !HARMLESS.test(value))
      throw new MoleError('internal', `The boot script cannot be made: ${whole} has no acceptable value.`)
    return value
  })

const PRIVATE_KEY_MARKS =
  /-----BEGIN [A-Z ]*PRIVATE KEY|PrivateKey\s*=|[Aa][Ww][Ss]_[Ss][Ee][Cc][Rr][Ee][Tt]|\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/
const KEY_SHAPED = /(?<![A-Za-z0-9+/=])[A-Za-z0-9+/]{43}=/g

/**
 * Refuses a script with anything that could be a private key: known marks of one, or 32 bytes of base64 that
 * are not among `publicKeys`. User data can be read by everybody with `ec2:DescribeInstanceAttribute`.
 * @throws MoleError `denied`
 */
export const refusePrivateKeys = (script: string, publicKeys: readonly string[]): void => {
  const strange = (script.match(KEY_SHAPED) ?? []).some((key) => !publicKeys.includes(key))
  if (strange || PRIVATE_KEY_MARKS.test(script))
    throw new MoleError('denied', 'The boot script holds something that looks like a private key.', {
      field: 'bootScript',
      meaning: 'User data can be read by others in the cloud account, so nothing was launched.',
      nextStep: 'Report this as a fault of Cloud Mole; do not paste the script anywhere.',
    })
}

/**
 * Renders the bastion's boot script from `template` (see boot-template.ts). Pure.
 * @throws MoleError `bad-input` naming the value; `denied` when a private key would go in.
 */
export const renderBootScript = (template: string, input: BootScriptInput): string => {
  const parsed = BootScriptValues.safeParse(input)
  if (!parsed.success) throw badInput(parsed.error, 'boot script')
  const script = fill(template, placeholders(parsed.data))
  refusePrivateKeys(script, parsed.data.hostPublicKeys)
  if (Buffer.byteLength(script) > MAX_USER_DATA_BYTES)
    throw new MoleError('internal', `The boot script is longer than ${MAX_USER_DATA_BYTES} bytes.`)
  return script
}
