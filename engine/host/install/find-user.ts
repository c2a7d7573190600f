import { MoleError } from '../../../contract/errors.ts'
import { findProgram } from '../../doctor/programs.ts'
import type { Execute } from '../../run.ts'

const unknown = (name: string): MoleError =>
  new MoleError('bad-input', `There is no user "${name}" on this machine.`, {
    field: '--user',
    meaning: 'Nothing was changed.',
    nextStep: 'Name the user who is to run Cloud Mole: --user NAME.',
  })

/** Number of a user, from whatever directory this machine asks (`getent`, LDAP). @throws MoleError `bad-input`. */
export const findUser = async (name: string, execute: Execute): Promise<number> => {
  const id = await findProgram('id')
  if (id === null) throw new MoleError('missing-program', 'The program "id" is not installed.', { field: 'id' })
  const { ok, output } = await execute(id, ['-u', '--', name])
  if (!ok || !/^[0-9]+$/.test(output)) throw unknown(name)
  return Number(output)
}
