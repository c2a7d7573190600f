import { OURS } from '../../domain/ours.ts'
import { openIpChild, type Said } from '../ip-child.ts'
import { readGroup } from '../observe/routing.ts'
import type { Runner } from '../run.ts'

/** Tunnels (lane numbers) in the next-hop group; `null` where there is no group, or it could not be asked for. */
export type GroupNow = readonly number[] | null

/** An `ip -force -batch -` that waits for its lines. */
export type IpPipe = {
  /** Runs lines, whatever becomes of each, and gives the group as it is afterwards. One call at a time. */
  readonly run: (lines: readonly string[]) => Promise<GroupNow>
  /** Starts the child, so that the first lines need not wait for it. */
  readonly ready: () => void
  readonly close: () => void
}

const ASK = `nexthop get id ${OURS.nexthopGroup}`
/** Longer than this the child is stuck: another one is started. */
const PATIENCE_MS = 500
const ARGV = ['-force', '-batch', '-']

/** Reads what `nexthop get` says of the group, `id 771000 group 770001/770003,2 proto 177`. Pure. */
export const parseGroup = (text: string): GroupNow => {
  const members = new RegExp(`^id ${OURS.nexthopGroup} group ([0-9/,]+)`, 'm').exec(text)?.[1]
  if (members === undefined) return null
  const group = members.split('/').map((member) => ({ id: Number(member.split(',')[0]) }))
  return readGroup([{ id: OURS.nexthopGroup, group }])
}

export const openIpPipe = (runner: Runner, patienceMs = PATIENCE_MS): IpPipe => {
  const child = openIpChild(runner, ARGV, patienceMs)

  const runAlone = async (lines: readonly string[]): Promise<GroupNow> => {
    const { stdout } = await runner.run('ip', ARGV, { input: `${lines.join('\n')}\n` })
    return parseGroup(stdout)
  }

  return {
    run: async (changes) => {
      const lines = [...changes, ASK]
      /** An answer, or the refusal of the very line that asked. */
      const groupIn = ({ said, complained, lines: before }: Said): GroupNow | undefined => {
        if (said.includes('\n')) return parseGroup(said)
        return complained.includes(`Command failed -:${before + lines.length}\n`) ? null : undefined
      }
      return child.converse(lines, groupIn).catch(() => runAlone(lines))
    },
    ready: child.ready,
    close: child.close,
  }
}
