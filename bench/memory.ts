import { printTable } from './statistics.ts'
import { type Place, runAt } from './support/inside.ts'
import { awaitAct, withEngine } from './with-engine.ts'

/**
 * Memory of each wireguard-go, at both ends, while 8 unshaped tunnels carry all they can: the most it ever took (VmHWM,
 * `proc_pid_status(5)`). `node bench/memory.ts [seconds]`. Ends with 1 where one takes more than is wanted. Where the kernel
 * has WireGuard there is no such process, and nothing to measure.
 */
const SECONDS = Number(process.argv[2] ?? 30)
const WANTED_MIB = 128

type Process = { readonly command: string; readonly mostMib: number }

/** Its interface is the last word of its command line. */
const SCRIPT = `
for p in /proc/[0-9]*; do
  grep -qs '^Name:.wireguard-go$' "$p/status" || continue
  set -- $(tr '\\0' ' ' <"$p/cmdline")
  echo "$1 $2 $(sed -n 's/^VmHWM:[^0-9]*\\([0-9]*\\) kB/\\1/p' "$p/status")"
done`

const processes = async (lab: Place): Promise<Process[]> =>
  (await runAt(lab, 'sh', '-c', SCRIPT))
    .trim()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [program = '', name = '', kib = ''] = line.split(' ')
      return { command: `${program} ${name}`, mostMib: Number(kib) / 1024 }
    })

await withEngine(async (engine) => {
  await engine.call('deployment.deploy', {
    plan: { target: 'lab', tunnels: 8, labPathRateBitsPerSecond: 10e9, tuning: { apply: 'never' } },
  })
  await awaitAct(engine)
  const lab: Place = { pid: (await engine.call('lab.world', {})).pid, namespace: null }
  for (const direction of ['upload', 'download'] as const) {
    await engine.call('traffic.start', { streams: 16, durationSeconds: Math.ceil(SECONDS / 2), direction })
    for await (const { running, report, problem } of engine.stream('traffic.watch', {})) {
      if (problem !== null) throw new Error(JSON.stringify(problem))
      if (running || report === null) continue
      console.error(`${direction}: ${(report.bitsPerSecond / 1e6).toFixed(0)} Mbit/s`)
      break
    }
  }
  const all = (await processes(lab)).toSorted((a, b) => b.mostMib - a.mostMib)
  if (all.length === 0) return void console.log('WireGuard is of the kernel here: there is no process to measure.')
  printTable(
    ['wireguard-go', 'most memory, MiB'],
    all.map(({ command, mostMib }) => [command, mostMib.toFixed(1)]),
  )
  console.log(
    `\n${JSON.stringify({ seconds: SECONDS, mostMib: all.map(({ mostMib }) => Number(mostMib.toFixed(1))) })}`,
  )
  if ((all[0]?.mostMib ?? 0) >= WANTED_MIB) process.exitCode = 1
})
