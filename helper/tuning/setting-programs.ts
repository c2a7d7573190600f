import type { Program } from '../run.ts'
import type { System } from '../system.ts'
import { parseChannels, parseFeatures, parseRings, renderRings } from './ethtool.ts'
import { affinityOf, startTimeOf } from './processes.ts'
import type { Setting } from './setting.ts'
import type { FileSetting } from './setting-files.ts'

/** Settings that `ethtool(8)` and `taskset(1)` make. */
export type ProgramSetting = Exclude<Setting, FileSetting>

const isThere = ({ read }: System, { pid, startTime }: Extract<Setting, { by: 'affinity' }>): boolean =>
  startTimeOf(read(`/proc/${pid}/stat`) ?? '') === startTime

const ask = async ({ runner }: System, flag: string, device: string): Promise<string> =>
  (await runner.run('ethtool', [flag, device])).stdout

/** Value now, in its canonical form; `null` when it is not there. @throws MoleError `missing-program`. */
export const readByProgram = async (system: System, setting: ProgramSetting): Promise<string | null> => {
  switch (setting.by) {
    case 'affinity':
      return isThere(system, setting) ? affinityOf(system, setting.pid) : null
    case 'channels': {
      const channels = parseChannels(await ask(system, '-l', setting.device))
      return channels === null ? null : String(channels.now)
    }
    case 'rings': {
      const rings = parseRings(await ask(system, '-g', setting.device))
      return rings === null ? null : renderRings(rings.rx.now, rings.tx.now)
    }
    case 'feature': {
      const feature = parseFeatures(await ask(system, '-k', setting.device))[setting.feature]
      return feature === undefined ? null : feature.isOn ? 'on' : 'off'
    }
  }
}

/** The program that sets it, and its arguments. Pure. */
export const commandOf = (setting: ProgramSetting, value: string): readonly [Program, readonly string[]] => {
  switch (setting.by) {
    case 'affinity':
      return ['taskset', ['-a', '-p', '-c', value, String(setting.pid)]]
    case 'channels':
      return ['ethtool', ['-L', setting.device, 'combined', value]]
    case 'rings':
      return ['ethtool', ['-G', setting.device, ...value.split(' ')]]
    case 'feature':
      return ['ethtool', ['-K', setting.device, setting.feature, value]]
  }
}
