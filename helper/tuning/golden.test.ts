import { describe, expect, it } from 'vitest'
import { NOTHING } from '../../domain/host-state.ts'
import { onlyOptions, TuningOption } from '../../domain/tuning.ts'
import type { Flavour } from '../observe/facts.ts'
import type { Operation } from '../operation.ts'
import { textOf } from '../ops/table.ts'
import { type FakeHardware, SERVER } from '../testing/fake-tunable-host.ts'
import { bundle } from '../testing/states.ts'
import { ALL_TUNING, makeTunedHost } from '../testing/tuned-host.ts'

const SMALL: FakeHardware = {
  ...SERVER,
  nodes: [0, 0, 0, 0],
  nicNode: null,
  channels: { max: 4, now: 1 },
  bonded: true,
}

const words = (operations: readonly Operation[]): string =>
  operations
    .filter(({ kind }) => kind === 'tune')
    .map(textOf)
    .join('\n')

/** What tuning does to a host, and undoing it, to the letter. */
const render = async (options: readonly TuningOption[], flavour: Flavour): Promise<string> => {
  const tuned = makeTunedHost(SMALL, flavour)
  const done = await tuned.apply(bundle(2, { tuning: onlyOptions(ALL_TUNING, options) }))
  const there = tuned.host.transcript()
  const undone = await tuned.apply(NOTHING)
  const back = tuned.host.transcript().slice(there.length + 1)
  return `${words(done)}\n\n${there}\n\n=== and back ===\n${words(undone)}\n\n${back}\n`
}

describe('what tuning does to the host, to the letter', () => {
  it.each<[string, readonly TuningOption[], Flavour]>([
    ...TuningOption.options.map((option): [string, TuningOption[], Flavour] => [option, [option], 'userspace']),
    ['pinning-kernel', ['pinning'], 'kernel'],
    ['everything', TuningOption.options, 'kernel'],
  ])('%s', async (name, options, flavour) => {
    await expect(await render(options, flavour)).toMatchFileSnapshot(`golden/${name}.txt`)
  })
})
