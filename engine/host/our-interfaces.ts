import { readFile } from 'node:fs/promises'
import { slotOfInterface } from '../../domain/ours.ts'

/** Interfaces of ours in this network namespace (`proc_pid_net(5)`), seen without a helper: reading them needs no right. */
export const observeOurInterfaces = async (): Promise<string[]> =>
  (await readFile('/proc/self/net/dev', 'utf8').catch(() => ''))
    .split('\n')
    .flatMap((line) => (line.includes(':') ? [line.slice(0, line.indexOf(':')).trim()] : []))
    .filter((name) => slotOfInterface(name) !== null)
