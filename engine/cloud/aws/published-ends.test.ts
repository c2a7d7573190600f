import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ObservedBastion } from '../provider.ts'
import { awsFault } from './testing/fake-aws.ts'
import { openProvider, requestWith, whoseWith } from './testing/open-provider.ts'

let world: ReturnType<typeof openProvider>
let bastion: ObservedBastion
beforeEach(async () => {
  world = openProvider()
  await world.provider.prepare(whoseWith(), world.tell, world.signal)
  bastion = await world.provider.launch(requestWith({}, { index: 2 }), world.tell, world.signal)
})
afterEach(() => world.aws.close())

const keyOf = (number: number): string => Buffer.alloc(32, number).toString('base64')
const KEYS = [9, 10, 11, 12, 13, 14, 15, 16].map(
  (slot, at) => `cloud-init[99]: mole-bastion-key v1 slot=${slot} port=${51_821 + at} key=${keyOf(slot)}\r\n`,
)
const say = (text: string): void => void world.aws.consoles.set(bastion.machine?.instanceId ?? '', text)
const ends = () => world.provider.publishedEnds(whoseWith(), bastion)

describe('the ends a bastion publishes', () => {
  it('are none while it boots, and all of its own slots when it is ready', async () => {
    expect(await ends()).toEqual([])
    say(KEYS.join(''))
    expect(await ends()).toEqual([])
    say(`${KEYS.join('')}mole-bastion-ready v1 slots=8\r\n`)
    const published = await ends()
    expect(published.map(({ slot }) => slot)).toEqual([9, 10, 11, 12, 13, 14, 15, 16])
    expect(published[0]).toEqual({
      slot: 9,
      lane: 0,
      port: 51_821,
      publicKey: keyOf(9),
      address: bastion.publicAddress,
    })
    expect(world.aws.inputs('GetConsoleOutput')[0]).toMatchObject({ Latest: true })
  })

  it('are not asked of an instance that is not known everywhere yet', async () => {
    world.aws.fail('GetConsoleOutput', awsFault('InvalidInstanceID.NotFound'))
    expect(await ends()).toEqual([])
  })

  it('come later from types whose console cannot be read at once', async () => {
    say(`${KEYS.join('')}mole-bastion-ready v1 slots=8\r\n`)
    world.aws.fail('GetConsoleOutput', awsFault('UnsupportedOperation'))
    expect(await ends()).toHaveLength(8)
    expect(world.aws.inputs('GetConsoleOutput').at(-1)).not.toHaveProperty('Latest')
  })

  it('never come when the boot failed, and the console’s last words say why', async () => {
    say('no mirror answers\r\nmole-bastion-failed v1 exit=1\r\n')
    await expect(ends()).rejects.toMatchObject({
      code: 'not-available',
      data: { meaning: expect.stringContaining('no mirror answers') },
    })
  })

  it('never come from an instance that was stopped', async () => {
    const stopped = { ...bastion, state: 'failed' as const }
    await expect(world.provider.publishedEnds(whoseWith(), stopped)).rejects.toMatchObject({ code: 'not-available' })
  })
})
