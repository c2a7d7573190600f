import { describe, expect, it } from 'vitest'
import { ProbeTarget } from '../../domain/probe/request.ts'
import type { TargetId } from '../../domain/tunnel-plan.ts'
import { reviewProbe } from './review.ts'

const review = (target: object, up: TargetId | null) => reviewProbe(ProbeTarget.parse(target), () => undefined, up)

describe('the review of a probe of what is up', () => {
  it('says in AWS that data out is billed, and how far it is measured without a host', async () => {
    const { costUsdPerHour, costNote, warnings } = await review({ kind: 'deployment' }, 'aws')
    expect([costUsdPerHour, warnings]).toEqual([0, [expect.stringContaining('the end of one tunnel')]])
    expect(costNote).toContain('billed by AWS as data out')
    expect((await review({ kind: 'deployment', host: '10.20.0.15' }, 'aws')).warnings).toEqual([])
  })

  it('says in the lab that nothing is billed', async () => {
    expect(await review({ kind: 'deployment' }, 'lab')).toMatchObject({
      costNote: expect.stringContaining('nothing is billed'),
      warnings: [],
    })
  })
})

it('names the site that a probe of the lab makes', async () => {
  expect((await review({ kind: 'lab' }, null)).resources).toMatchObject([{ name: 'probe site' }])
})
