import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readSourceFiles } from '../../../scripts/check/source-files.mjs'
import { packageRoot } from '../../paths.ts'
import { CALLS_OF_THE_CHECK, CLOUD_CALLS, type CloudCall } from './calls.ts'
import { readPolicy } from './policy.ts'
import { actionsOfSource } from './testing/actions-of-source.ts'

/** Tags are given by the call that makes the thing; nothing calls CreateTags itself. */
const isCalled = ({ createAction }: CloudCall): boolean => createAction === undefined

describe('the list of calls', () => {
  const actions = (calls: readonly CloudCall[]): string[] => [...new Set(calls.map(({ action }) => action))].sort()

  it('is what the sources call, no more and no less', () => {
    const sources = readSourceFiles(packageRoot()).filter(
      ({ path }) =>
        path.startsWith('engine/cloud/aws/') &&
        path.endsWith('.ts') &&
        !/\.test\.ts$|\/testing\/|check-trials/.test(path),
    )
    expect(actionsOfSource(sources)).toEqual(actions([...CLOUD_CALLS.filter(isCalled), ...CALLS_OF_THE_CHECK]))
  })

  it('is what the policy allows, no more and no less', async () => {
    const policy = JSON.parse(await readPolicy()) as { Statement: { Action: string | string[] }[] }
    expect([...new Set(policy.Statement.flatMap(({ Action }) => Action))].sort()).toEqual(actions(CLOUD_CALLS))
  })

  it('is on the page for users as it is in the file', () => {
    const page = readFileSync(join(packageRoot(), 'docs', 'aws.md'), 'utf8')
    for (const action of actions(CLOUD_CALLS)) expect(page, action).toContain(`\`${action}\``)
  })
})
