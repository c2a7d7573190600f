import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { standIn } from '../../engine/cloud/terraform/testing/stand-in.ts'
import { runHere } from '../run-here.ts'
import { inAws } from '../testing/aws-view.ts'
import { type FakeEngine, fakeEngine, NOTHING } from '../testing/fake-engine.ts'
import { fakeWorld, mole } from '../testing/fake-world.ts'
import { findTerraform } from './find-terraform.ts'

const CANARY = 'canary-0123456789'

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'mole-'))
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', CANARY)
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(directory, { recursive: true, force: true })
})

const preparing = (): FakeEngine => {
  const engine: FakeEngine = fakeEngine(NOTHING, {
    'terraform.prepare': async () => ({ deployment: 'aws-3f9c2a', directory }),
    'terraform.discard': async () => ({}),
    'deployment.deploy': async () => {
      engine.views.set(inAws())
      return { id: 'aws-3f9c2a' }
    },
  })
  return engine
}

const up = (engine: FakeEngine, more = {}, command = 'up --vpc vpc-12345 --via terraform --yes --json') =>
  mole(
    command,
    fakeWorld(engine, {}, { runHere, findTerraform: (wanted) => findTerraform(wanted, directory), ...more }),
  )

const names = ({ calls }: FakeEngine): string[] => calls.map(([name]) => name)

describe('mole up --via terraform', () => {
  it('plans, applies, and hands over to the engine; no secret on a command line, none of its words on stdout', async () => {
    const { program, calls } = standIn(directory)
    const engine = preparing()
    const { code, out } = await up(engine)
    expect(code).toBe(0)
    expect(calls().map(({ argv }) => argv)).toEqual([
      [`-chdir=${directory}`, 'init', '-input=false'],
      [`-chdir=${directory}`, 'plan', '-input=false', '-out=mole.tfplan'],
      [`-chdir=${directory}`, 'apply', '-input=false', 'mole.tfplan'],
    ])
    for (const { argv, environment } of calls()) {
      expect(argv.join(' ')).not.toContain(CANARY)
      // As by hand: it finds the credentials where every AWS program does.
      expect(environment).toMatchObject({ AWS_SECRET_ACCESS_KEY: CANARY, TF_INPUT: '0', CHECKPOINT_DISABLE: '1' })
    }
    expect(names(engine).slice(0, 3)).toEqual(['deployment.review', 'terraform.prepare', 'deployment.deploy'])
    expect(engine.calls[1]?.[1]).toMatchObject({ program })
    expect(engine.calls[2]?.[1]).toMatchObject({ id: 'aws-3f9c2a' })
    expect(JSON.parse(out)).toMatchObject({ ok: true, deployment: { id: 'aws-3f9c2a' } })
  })

  it('shows the plan before it asks, and forgets it when refused', async () => {
    const { calls } = standIn(directory)
    const engine = preparing()
    const confirm = async () => {
      expect(calls().map(({ argv }) => argv[1])).toEqual(['init', 'plan'])
      return false
    }
    const { code } = await up(engine, { isInteractive: true, confirm }, 'up --vpc vpc-12345 --via terraform')
    expect(code).toBe(130)
    expect(engine.calls.at(-1)).toEqual(['terraform.discard', { deployment: 'aws-3f9c2a' }])
    expect(calls()).toHaveLength(2)
  })

  it('says what is there and how to go on where apply fails; nothing is forgotten', async () => {
    const { program } = standIn(directory, 'apply')
    const engine = preparing()
    const { code, err } = await up(engine)
    expect(code).toBe(6)
    expect(err).toContain('"terraform apply" ended with code 1')
    expect(err).toContain(`is in its state in ${directory} and carries the tag of aws-3f9c2a: nothing is lost`)
    expect(err).toContain(`${program} -chdir=${directory} destroy`)
    expect(names(engine)).toEqual(['deployment.review', 'terraform.prepare'])
  })

  it.each(['init', 'plan'])('makes nothing where %s fails', async (verb) => {
    standIn(directory, verb)
    const engine = preparing()
    expect((await up(engine)).code).toBe(6)
    expect(names(engine)).toEqual(['deployment.review', 'terraform.prepare', 'terraform.discard'])
  })

  it('says how to get the program where there is none, before anything is begun', async () => {
    const engine = preparing()
    const { code, err } = await up(engine)
    expect([code, names(engine)]).toEqual([3, []])
    expect(err).toContain('There is no terraform, and no tofu, on PATH.')
  })

  it('is for AWS', async () => {
    const { code, err } = await up(preparing(), {}, 'up --target lab --via terraform --yes')
    expect(code).toBe(2)
    expect(err).toContain('--via terraform is for the target aws')
  })
})

describe('the program', () => {
  it('is found on PATH by its whole name, never beside where one stands', () => {
    const { program } = standIn(directory)
    expect(findTerraform('terraform', `/nonexistent:${directory}`)).toBe(program)
    expect(findTerraform('tofu', directory)).toBeNull()
    expect(findTerraform('terraform', '.:')).toBeNull()
    expect(findTerraform('terraform', undefined)).toBeNull()
  })
})
