import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { argumentsOf } from '../../lab/processes.ts'
import type { AwsCall } from './aws-call.ts'
import { processesInside } from './inside.ts'
import type { AwsWorld } from './open-aws-world.ts'

const filesBelow = (directory: string): string[] =>
  readdirSync(directory, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))

const isKeyFile = (path: string): boolean => /\/keys\//.test(path)

/** Where the host's private keys are kept, and nowhere else. */
const hostKeys = (world: AwsWorld): string[] =>
  filesBelow(world.directory)
    .filter(isKeyFile)
    .map((path) => readFileSync(path, 'utf8').trim())
    .filter((text) => /^[A-Za-z0-9+/]{43}=$/.test(text))

/** Everything that may be nowhere but where it belongs: the canary credentials and the host's private keys. */
export const secretsOf = (world: AwsWorld): string[] => [...world.canaries, ...hostKeys(world)]

/** What a request says: as it was sent, and decoded, with the boot script inside it. */
const textsOf = ({ raw, parameters }: AwsCall): string[] => [
  // Every signed request carries the session token in a header of its own (IAM User Guide, "Signature Version 4").
  raw.replace(/^x-amz-security-token: .*$/gim, ''),
  JSON.stringify(parameters),
]

/** Places where one of `secrets` was found: requests to AWS, files of ours, logs, command lines. */
export const findSecrets = async (world: AwsWorld, secrets: readonly string[]): Promise<string[]> => {
  const holds = (text: string | Buffer): boolean => secrets.some((secret) => text.includes(secret))
  const calls = world.aws.calls.filter((call) => textsOf(call).some(holds)).map(({ action }) => `request ${action}`)
  const files = filesBelow(world.directory)
    .filter((path) => !isKeyFile(path) && holds(readFileSync(path)))
    .map((path) => `file ${path}`)
  const processes = await processesInside(world.pid, async (pid) => holds((await argumentsOf(pid)).join(' ')))
  return [...calls, ...files, ...processes.map((pid) => `command line of ${pid}`)]
}
