import type { z } from 'zod'
import { MoleError } from '../../contract/errors.ts'
import type { OperationText } from '../../contract/helper.ts'
import type { HostState } from '../../domain/host-state.ts'
import type { HelperClient } from '../cloud/provider.ts'

type Operations = readonly z.infer<typeof OperationText>[]

const applyOnce = async (helper: HelperClient, state: HostState, signal: AbortSignal): Promise<Operations> => {
  const { generation } = await helper.call('hello', {}, { signal })
  return (await helper.call('apply', { generation, state }, { signal })).operations
}

/** Has the helper make the host so; where somebody wrote between our look and our write, once more. */
export const applyState = async (helper: HelperClient, state: HostState, signal: AbortSignal): Promise<Operations> => {
  try {
    return await applyOnce(helper, state, signal)
  } catch (error) {
    if (!(error instanceof MoleError) || error.code !== 'conflict') throw error
    return applyOnce(helper, state, signal)
  }
}
