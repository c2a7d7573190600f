import { readFileSync } from 'node:fs'
import { MoleError } from '../../../contract/errors.ts'
import type { HostState } from '../../../domain/host-state.ts'
import type { HelperClient, HostAccess } from '../../cloud/provider.ts'
import { entryPoint } from '../../paths.ts'
import { applyConfirmed } from '../apply-confirmed.ts'
import { hostAccess } from '../host-access.ts'

/*
 * An engine's life in a test's world: carries out the acts of stdin one after the other over the access to the host, and
 * prints what came of each. It ends as a killed engine does, without a word to the helper.
 */

export type Act =
  | { readonly do: 'lives' | 'find' | 'ensure' | 'inspect' | 'revert' | 'remove' }
  | { readonly do: 'apply'; readonly state: HostState }

const { directory, acts } = JSON.parse(readFileSync(0, 'utf8')) as { directory: string; acts: Act[] }
const access: HostAccess = hostAccess({ directory, program: { node: process.execPath, entry: entryPoint('helper') } })
const signal = AbortSignal.timeout(60_000)

const apply = async (helper: HelperClient, state: HostState): Promise<unknown> => {
  await helper.call('keys.ensure', { names: state.tunnels.map(({ keyName }) => keyName) })
  const { generation } = await helper.call('hello', {})
  return applyConfirmed(access.find, helper, state, generation, signal)
}

const perform = async (act: Act): Promise<unknown> => {
  if (act.do === 'lives') return access.lives()
  if (act.do === 'remove') return access.remove().then(() => 'removed')
  if (act.do === 'find') return (await access.find()) === null ? 'nobody' : 'found'
  const helper = await access.ensure(signal)
  if (act.do === 'apply') return apply(helper, act.state)
  return act.do === 'ensure' ? (await helper.call('hello', {})).pid : helper.call(act.do, {})
}

const outcomes: unknown[] = []
for (const act of acts)
  outcomes.push(
    await perform(act).catch((error: unknown) => (error instanceof MoleError ? { code: error.code } : String(error))),
  )
process.stdout.write(`${JSON.stringify(outcomes)}\n`, () => process.exit(0))
