import { fstatSync, readSync } from 'node:fs'
import { networkInterfaces } from 'node:os'
import { RelayConfig } from './config.ts'
import { makeRelay } from './relay.ts'

/*
 * The DTN's end of the TCP relay: a process of its own without any privilege, which outlives the helper. Its configuration is
 * the file that it was given as stdin: it needs no right to open it, sees each change, and ends when the file is removed.
 */

const STDIN = 0
const LOOK_MS = 100

const readConfig = (): RelayConfig | null => {
  try {
    const bytes = Buffer.alloc(fstatSync(STDIN).size)
    readSync(STDIN, bytes, 0, bytes.length, 0)
    const { config } = JSON.parse(bytes.toString('utf8')) as { config: unknown }
    return RelayConfig.parse(config)
  } catch {
    return null
  }
}

const isOfThisHost = (address: string): boolean =>
  Object.values(networkInterfaces()).some((addresses) => addresses?.some((each) => each.address === address))

const say = (line: string): void =>
  void process.stderr.write(`${JSON.stringify({ at: new Date().toISOString(), event: 'relay', detail: line })}\n`)

// Who reads the log may have gone; connections must not go with it.
process.stderr.on('error', () => undefined)

let config = readConfig()
if (config === null) throw new Error('no configuration on stdin')
/** One that is just being written is read again at the next connection. */
const current = (): RelayConfig => {
  config = readConfig() ?? config
  return config as RelayConfig
}

makeRelay({ config: current, say, serves: isOfThisHost }).listen({
  host: config.address,
  port: config.port,
  backlog: 1024,
})
setInterval(() => {
  if (fstatSync(STDIN).nlink === 0) process.exit(0)
}, LOOK_MS)
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => process.exit(0))
