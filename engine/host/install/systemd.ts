import { existsSync } from 'node:fs'
import { MoleError } from '../../../contract/errors.ts'
import { findProgram } from '../../doctor/programs.ts'
import type { Execute } from '../../run.ts'

/** Whether systemd is this machine's init (`sd_booted(3)`). */
export const isSystemdHere = (): boolean => existsSync('/run/systemd/system')

const refused = (argv: readonly string[], output: string): MoleError =>
  new MoleError('not-available', `"systemctl ${argv.join(' ')}" failed: ${output.split('\n')[0] ?? ''}`, {
    field: 'systemctl',
    meaning: 'The helper is not in order.',
    nextStep: 'See "systemctl status mole-helper.socket mole-helper.service", mend it, and give the command again.',
  })

export type Systemctl = {
  /** @throws MoleError `not-available` when systemd refuses. */
  must(...argv: readonly string[]): Promise<void>
  /** Whatever comes of it: what is to be stopped may not be there. */
  try(...argv: readonly string[]): Promise<void>
}

/** @throws MoleError `missing-program`. */
export const openSystemctl = async (execute: Execute): Promise<Systemctl> => {
  const path = await findProgram('systemctl')
  if (path === null)
    throw new MoleError('missing-program', 'The program "systemctl" is not installed.', { field: 'systemctl' })
  return {
    must: async (...argv) => {
      const { ok, output } = await execute(path, argv)
      if (!ok) throw refused(argv, output)
    },
    try: async (...argv) => void (await execute(path, argv)),
  }
}
