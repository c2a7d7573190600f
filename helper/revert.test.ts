import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Journal, openJournal } from './journal.ts'
import { type Reverted, revertAll } from './revert.ts'
import { fakeKeys } from './testing/fake-system.ts'
import { BARE_HOST } from './testing/model.ts'
import { keyOf } from './testing/states.ts'

let directory: string
let journal: Journal

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'mole-'))
  journal = openJournal(join(directory, 'helper.sqlite'), 'world')
})
afterEach(() => {
  journal.close()
  rmSync(directory, { recursive: true, force: true })
})

/** Undoes a host with one rule of ours, which goes at the `succeedsAt`th try. */
const undo = (succeedsAt: number): Promise<Reverted> => {
  let tries = 0
  return revertAll({
    journal,
    keys: fakeKeys(() => keyOf(9)),
    executor: {
      execute: async () => undefined,
      begin: async () => ({ loaded: Promise.resolve(null) }),
      executeTolerantly: async () => {
        tries += 1
        return tries < succeedsAt ? ['busy'] : []
      },
    },
    observe: async () => (tries < succeedsAt ? { ...BARE_HOST, rules: ['10.200.0.0/24'] } : BARE_HOST),
    sshClients: async () => [],
    refusalOf: () => null,
    withdrawn: () => new Set(),
    flavour: async () => 'userspace',
  })
}

describe('undoing everything', () => {
  it('tries once more what could not be undone', async () => {
    expect((await undo(1)).drift).toEqual([])
    expect((await undo(2)).drift).toEqual([])
  })

  it('says what is still to do after that', async () => {
    expect((await undo(3)).drift).toEqual(['busy', 'still to do: stop looking up 10.200.0.0/24 in table 7077'])
  })
})
