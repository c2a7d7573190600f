import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { median, printTable } from './statistics.ts'

/**
 * The whole command `mole connect NAME`, as built, with no engine running: from its start until it has ended, which is
 * after the first payload byte (its last step fetches one over the tunnels). `node bench/connect-time.ts [runs] [tunnels]`;
 * the median of 5 runs over 4 tunnels by default.
 */
const [RUNS, TUNNELS] = [Number(process.argv[2] ?? 5), Number(process.argv[3] ?? 4)]
const AIM_MS = 3000

const MOLE = fileURLToPath(new URL('../bin/mole', import.meta.url))

const home = mkdtempSync(join(tmpdir(), 'mole-'))
const env = {
  PATH: process.env.PATH,
  HOME: home,
  XDG_RUNTIME_DIR: home,
  XDG_STATE_HOME: join(home, 's'),
  XDG_CONFIG_HOME: join(home, 'c'),
}

type Act = { readonly endedAtMs: number }
type Answer = { readonly deployment?: { readonly act: Act | null } }

/** @throws when the command fails, with what it said. */
const mole = (...argv: string[]): Promise<Answer> =>
  new Promise((resolve, reject) => {
    execFile(MOLE, [...argv, '--json'], { env }, (error, stdout, stderr) =>
      error === null ? resolve(JSON.parse(stdout) as Answer) : reject(new Error(`mole ${argv.join(' ')}: ${stderr}`)),
    )
  })

const durations = { payload: [] as number[], command: [] as number[], disconnect: [] as number[] }

try {
  await mole('create-profile', 'bench', '--target', 'lab', '--tunnels', String(TUNNELS))
  for (let run = 0; run < RUNS; run += 1) {
    const [startedAt, startedAtMs] = [performance.now(), Date.now()]
    const { deployment } = await mole('connect', 'bench')
    durations.command.push(performance.now() - startedAt)
    // The act ends with the step that fetches the first byte.
    durations.payload.push((deployment?.act?.endedAtMs ?? Number.NaN) - startedAtMs)
    const leftAt = performance.now()
    await mole('disconnect')
    durations.disconnect.push(performance.now() - leftAt)
    // Each run begins without an engine.
    await mole('serve', '--stop')
  }
} finally {
  await mole('down', '--cleanup-all').catch((error: unknown) => console.error(error))
  await mole('serve', '--stop').catch((error: unknown) => console.error(error))
  rmSync(home, { recursive: true, force: true })
}

const row = (what: string, all: readonly number[]): string[] => [
  what,
  ...[median(all), Math.min(...all), Math.max(...all)].map((ms) => ms.toFixed(0)),
]
printTable(
  ['what', `median of ${RUNS}, ms`, 'min', 'max'],
  [
    row(`\`mole connect NAME\` → first payload byte, ${TUNNELS} tunnels`, durations.payload),
    row('`mole connect NAME`, the whole command', durations.command),
    row('`mole disconnect`', durations.disconnect),
  ],
)
if (!(median(durations.payload) < AIM_MS)) process.exitCode = 1
