import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { act, connected, fakeEngine, NOTHING, refusing } from '../testing/fake-engine.ts'
import { fakeWorld, mole } from '../testing/fake-world.ts'
import { PROFILES, type TemporaryHome, temporaryHome } from '../testing/temporary-home.ts'

let home: TemporaryHome
beforeEach(() => {
  home = temporaryHome()
})
afterEach(() => home.remove())

const save = (name: string, text: string): string => home.write(`${PROFILES}/${name}.yaml`, text)
const LAB = 'deployment:\n  tunnels: 3\ntunnel:\n  max_tunnels: 6\n'

describe('mole connect', () => {
  it('makes what the profile asks for, without a question, under its name', async () => {
    save('lab-a', LAB)
    const engine = fakeEngine()
    const world = fakeWorld(engine, { isRunning: false }, home.files())
    const { code, out, err } = await mole('connect lab-a', world)
    expect(code).toBe(0)
    expect(world.started).toEqual(['engine'])
    expect(engine.calls).toContainEqual([
      'deployment.deploy',
      { plan: expect.objectContaining({ tunnels: 3, maxTunnels: 6 }), profile: 'lab-a', id: null },
    ])
    expect(err).toMatch(/^lab-a: lab, 3 tunnels to 10\.200\.0\.0\/24\. Cost: \$0\.00 an hour/)
    expect(err).toContain('mole serve --stop')
    expect(out).toContain('by profile lab-a')
  })

  it('lets MOLE_* win over the profile', async () => {
    save('lab-a', LAB)
    const engine = fakeEngine()
    await mole('connect lab-a', fakeWorld(engine, {}, home.files({ MOLE_DEPLOYMENT_TUNNELS: '2' })))
    expect(engine.calls).toContainEqual([
      'deployment.deploy',
      { plan: expect.objectContaining({ tunnels: 2 }), profile: 'lab-a', id: null },
    ])
  })

  it('names the keys that are set to no effect', async () => {
    save('lab-a', `${LAB}optimization:\n  enable_sriov: true\n`)
    const { code, err } = await mole('connect lab-a', fakeWorld(fakeEngine(), {}, home.files()))
    expect(code).toBe(0)
    expect(err).toContain('Not yet in force: optimization.enable_sriov.')
  })

  it('points at what is wrong with the profile, and starts nothing', async () => {
    const path = save('lab-a', 'deployment:\n  tunels: 3\n')
    const world = fakeWorld(fakeEngine(), { isRunning: false }, home.files())
    const { code, err } = await mole('connect lab-a', world)
    expect(code).toBe(2)
    expect(err).toContain(`${path}:2:3: deployment.tunels: `)
    expect(err).toContain('tunnels')
    expect(world.started).toEqual([])
  })

  it('says so when there is no such profile, and starts nothing', async () => {
    const world = fakeWorld(fakeEngine(), { isRunning: false }, home.files())
    expect((await mole('connect nobody', world)).code).toBe(4)
    expect((await mole(['connect', '../../etc/passwd'], world)).code).toBe(2)
    expect(world.started).toEqual([])
  })

  it('repairs what is up already, and ends with 4 where something else is', async () => {
    save('lab-a', LAB)
    const engine = fakeEngine(connected(3), {
      'deployment.deploy': async () => {
        engine.views.set({ ...connected(3), profile: 'lab-a', act: act('recover', 'done') })
        return { id: 'lab-1' }
      },
    })
    expect((await mole('connect lab-a', fakeWorld(engine, {}, home.files()))).code).toBe(0)
    const other = fakeEngine(connected(3), { 'deployment.deploy': refusing('conflict', 'Another plan is up.') })
    expect((await mole('connect lab-a', fakeWorld(other, {}, home.files()))).code).toBe(4)
  })

  it('makes as many bastions as the tunnels need', async () => {
    save('big', 'deployment:\n  tunnels: 12\ntunnel:\n  max_tunnels: 12\n')
    const engine = fakeEngine(NOTHING, { 'deployment.deploy': refusing('capacity', 'No room.') })
    await mole('connect big', fakeWorld(engine, {}, home.files()))
    expect(engine.calls.at(-1)).toMatchObject(['deployment.deploy', { plan: { tunnels: 12 }, profile: 'big' }])
  })
})

describe('mole up', () => {
  it('takes a profile under the options', async () => {
    save('lab-a', LAB)
    const engine = fakeEngine()
    await mole('up --profile lab-a --tunnels 5 --yes', fakeWorld(engine, {}, home.files()))
    expect(engine.calls).toContainEqual([
      'deployment.deploy',
      { plan: expect.objectContaining({ tunnels: 5, maxTunnels: 6 }), profile: 'lab-a', id: null },
    ])
  })

  it("takes a document in a profile's place, with what it extends beside it", async () => {
    home.write('base.yaml', 'tunnel:\n  mtu: 1300\n')
    const file = home.write('mine.yaml', 'extends: ./base.yaml\ndeployment:\n  tunnels: 2\n')
    const engine = fakeEngine()
    const { code } = await mole(`up -f ${file} --yes`, fakeWorld(engine, {}, home.files()))
    expect(code).toBe(0)
    expect(engine.calls).toContainEqual([
      'deployment.deploy',
      { plan: expect.objectContaining({ tunnels: 2, mtuBytes: 1300 }), profile: null, id: null },
    ])
  })

  it('takes the user’s own configuration without any', async () => {
    home.write('.config/mole/config.yaml', 'deployment:\n  tunnels: 6\n')
    const engine = fakeEngine()
    await mole('up --yes', fakeWorld(engine, {}, home.files()))
    expect(engine.calls[0]?.[1]).toMatchObject({ plan: { tunnels: 6 } })
  })

  it.each([
    ['up --profile lab-a --file x.yaml', 2, '--profile and --file were both given'],
    ['up --file /nowhere/plan.yaml --yes', 2, '/nowhere/plan.yaml is not there'],
    ['up --private-cidr 10.100.7.0/24 --yes', 2, '--private-cidr: deployment.private_cidr: 10.100.7.0/24 overlaps'],
    ['up --tunnels 9 --yes', 2, '--tunnels: deployment.tunnels'],
    ['up --auto-optimize --mtu 1 --yes', 2, '--mtu 1: must be'],
    ['up --vpc vpc-12345 --target lab --yes', 2, '--vpc is for the target aws'],
  ])('refuses "%s" with %i before anything is started', async (command, expected, message) => {
    const world = fakeWorld(fakeEngine(), { isRunning: false }, home.files())
    const { code, err } = await mole(command, world)
    expect(code).toBe(expected)
    expect(err).toContain(message)
    expect(world.started).toEqual([])
  })

  it('names a variable that is none', async () => {
    const world = fakeWorld(fakeEngine(), {}, home.files({ MOLE_TUNNEL_MTUU: '1400' }))
    const { code, err } = await mole('up --yes', world)
    expect(code).toBe(2)
    expect(err).toContain('MOLE_TUNNEL_MTUU')
    expect(err).toContain('MOLE_TUNNEL_MTU')
  })
})
