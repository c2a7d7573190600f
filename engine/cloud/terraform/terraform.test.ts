import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { MoleError } from '../../../contract/errors.ts'
import { DeploymentPlan } from '../../../domain/tunnel-plan.ts'
import type { Cloud } from '../../deployment/deployment.ts'
import { openTerraform } from './terraform.ts'
import { openWorkspaces } from './workspaces.ts'

const PROGRAM = '/usr/local/bin/terraform'
const PLAN = DeploymentPlan.parse({ target: 'aws', tunnels: 2, aws: { instanceTypes: ['t4g.nano'] } })
const LAB = DeploymentPlan.parse({})
const context = { signal: new AbortController().signal }

/** A public key of nobody for each name; tells what it was asked. */
const fakeHelper = () => {
  const asked: [string, string[]][] = []
  const call = async (name: string, { names }: { names: string[] }) => {
    asked.push([name, names])
    if (name === 'keys.forget') return {}
    const slot = (each: string) => Number(each.split('-t')[1])
    return {
      publicKeys: Object.fromEntries(names.map((each) => [each, Buffer.alloc(32, slot(each)).toString('base64')])),
    }
  }
  return { asked, helper: { call } }
}

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'mole-'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

const open = ({ here = null, fails }: { here?: string | null; fails?: MoleError['code'] } = {}) => {
  const { asked, helper } = fakeHelper()
  const complete = async (plan: DeploymentPlan): Promise<DeploymentPlan> => {
    if (fails !== undefined) throw new MoleError(fails, 'No.')
    return plan.aws === null ? plan : { ...plan, aws: { ...plan.aws, sourceCidr: '198.51.100.2/32' } }
  }
  const cloud = {
    provider: { complete },
    host: { ensure: async () => helper, find: async () => helper },
  } as unknown as Cloud
  return { asked, side: openTerraform({ root, cloudOf: () => cloud, idHere: () => here }) }
}
const read = (directory: string, name: string): string => readFileSync(join(directory, name), 'utf8')

describe('terraform.export', () => {
  it('fills in what can be looked up, leaves the keys open and makes none', async () => {
    const { side, asked } = open()
    const { files } = await side['terraform.export']({ plan: PLAN }, context)
    const values = files.find(({ name }) => name === 'terraform.tfvars')?.text
    expect(values).toContain('source_cidr   = "198.51.100.2/32"')
    expect(values).toContain('# host_public_keys:')
    expect(asked).toEqual([])
  })

  it('leaves open what cannot be looked up, and refuses what is wrong', async () => {
    const { files } = await open({ fails: 'credentials-expired' }).side['terraform.export']({ plan: PLAN }, context)
    expect(files.find(({ name }) => name === 'terraform.tfvars')?.text).toContain('# source_cidr:')
    const wrong = open({ fails: 'bad-input' }).side['terraform.export']({ plan: PLAN }, context)
    await expect(wrong).rejects.toMatchObject({ code: 'bad-input' })
    const lab = open().side['terraform.export']({ plan: LAB }, context)
    await expect(lab).rejects.toMatchObject({ code: 'bad-input', data: { field: 'target' } })
  })
})

describe('terraform.prepare', () => {
  it('writes the files with this host’s public keys', async () => {
    const { side, asked } = open()
    const { deployment, directory } = await side['terraform.prepare']({ plan: PLAN, program: PROGRAM }, context)
    expect(deployment).toMatch(/^aws-[0-9a-f]{6}$/)
    expect(asked.map(([name, names]) => [name, names[0], names.length])).toEqual([
      ['keys.ensure', `${deployment}-t1`, 8],
    ])
    expect(read(directory, 'terraform.tfvars')).toContain(Buffer.alloc(32, 8).toString('base64'))
    expect(await openWorkspaces(root).find(deployment)).toEqual({ directory, program: PROGRAM })
  })

  it('goes on with what was begun, so that an apply cut short is finished and not doubled', async () => {
    const first = await open().side['terraform.prepare']({ plan: PLAN, program: PROGRAM }, context)
    writeFileSync(join(first.directory, 'terraform.tfstate'), '{"resources":[{}]}')
    const again = await open().side['terraform.prepare']({ plan: { ...PLAN, tunnels: 3 }, program: PROGRAM }, context)
    expect(again).toEqual(first)
    expect(read(first.directory, 'terraform.tfstate')).toBe('{"resources":[{}]}')
  })

  it('changes what is up only where Terraform made it', async () => {
    const here = 'aws-00000a'
    const asked = { plan: PLAN, program: PROGRAM }
    await expect(open({ here }).side['terraform.prepare'](asked, context)).rejects.toMatchObject({ code: 'conflict' })
    await openWorkspaces(root).write(here, PROGRAM, [])
    expect((await open({ here }).side['terraform.prepare'](asked, context)).deployment).toBe(here)
  })

  it('refuses the lab', async () => {
    const refused = open().side['terraform.prepare']({ plan: LAB, program: PROGRAM }, context)
    await expect(refused).rejects.toMatchObject({ code: 'bad-input' })
  })
})

describe('terraform.discard', () => {
  const prepared = async (options = {}) => {
    const opened = open(options)
    const { deployment, directory } = await opened.side['terraform.prepare']({ plan: PLAN, program: PROGRAM }, context)
    return { ...opened, deployment, directory }
  }

  it('forgets what was never applied, keys and all', async () => {
    const { side, asked, deployment, directory } = await prepared()
    await side['terraform.discard']({ deployment }, context)
    expect(existsSync(directory)).toBe(false)
    expect(asked.at(-1)).toMatchObject(['keys.forget', expect.arrayContaining([`${deployment}-t1`])])
  })

  it.each(['{"resources":[{}]}', 'torn'])('keeps what Terraform has made, or may have: %s', async (state) => {
    const { side, deployment, directory } = await prepared()
    writeFileSync(join(directory, 'terraform.tfstate'), state)
    await side['terraform.discard']({ deployment }, context)
    expect(existsSync(directory)).toBe(true)
  })

  it('keeps what is up, and touches nothing that is not its own', async () => {
    const here = 'aws-00000a'
    const directory = await openWorkspaces(root).write(here, PROGRAM, [])
    await open({ here }).side['terraform.discard']({ deployment: here }, context)
    expect(existsSync(directory)).toBe(true)
    const { side, asked } = open()
    await side['terraform.discard']({ deployment: 'aws-ffffff' }, context)
    expect(asked).toEqual([])
  })
})
