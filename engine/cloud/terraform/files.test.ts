// biome-ignore-all lint/suspicious/noTemplateCurlyInString: marks of Terraform are what is looked at
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { parse } from '@cdktf/hcl2json'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DeploymentPlan } from '../../../domain/tunnel-plan.ts'
import { renderUserData } from '../aws/user-data.ts'
import { refusePrivateKeys } from '../bastion/boot-script.ts'
import type { BastionSet } from './bastion-set.ts'
import { bootScriptParts } from './boot-script-parts.ts'
import { terraformFiles } from './files.ts'

const DEPLOYMENT = 'aws-3f9c2a'
const keysOf = (bastion: number): string[] =>
  Array.from({ length: 8 }, (_, at) => Buffer.alloc(32, 100 + bastion * 8 + at).toString('base64'))

const setOf = async (aws: object = {}, more: object = {}, isOpen = false): Promise<BastionSet> => {
  const plan = DeploymentPlan.parse({
    target: 'aws',
    tunnels: 4,
    bastions: 2,
    privateCidr: '172.31.0.0/16',
    aws: { instanceTypes: ['c6gn.medium', 't4g.small'], sourceCidr: '198.51.100.2/32', region: 'us-west-2', ...aws },
    ...more,
  })
  if (plan.aws === null) throw new Error('no plan for AWS')
  const indexes = Array.from({ length: plan.bastions }, (_, at) => at + 1)
  return {
    plan: { ...plan, aws: plan.aws },
    deployment: DEPLOYMENT,
    bootScripts: await Promise.all(indexes.map((index) => bootScriptParts(plan, index))),
    hostPublicKeys: isOpen ? null : indexes.map(keysOf),
  }
}

type Blocks = Record<string, Record<string, Record<string, unknown>[]>>
type Parsed = {
  resource: Blocks
  data: Blocks
  locals: [{ bastions: Record<string, { index: number; boot_script: string }> }]
  terraform: [{ required_providers: [{ aws: { version: string } }] }]
  variable: Record<string, [{ default?: unknown }]>
}
const read = async (set: BastionSet): Promise<{ main: Parsed; values: Record<string, unknown>; variables: Parsed }> => {
  const files = Object.fromEntries(terraformFiles(set).map(({ name, text }) => [name, text]))
  return {
    main: (await parse('main.tf', files['main.tf'] ?? '')) as never,
    values: (await parse('terraform.tf', files['terraform.tfvars'] ?? '')) as never,
    variables: (await parse('variables.tf', files['variables.tf'] ?? '')) as never,
  }
}
const only = (blocks: Blocks, type: string): Record<string, unknown> => Object.values(blocks[type] ?? {})[0]?.[0] ?? {}

describe('Terraform files', () => {
  it('are the five that were promised', async () => {
    expect(terraformFiles(await setOf()).map(({ name }) => name)).toEqual([
      'main.tf',
      'variables.tf',
      'outputs.tf',
      'terraform.tfvars',
      'README.md',
    ])
  })

  it('make instances as Cloud Mole does', async () => {
    const { main } = await read(await setOf())
    expect(main.terraform[0].required_providers[0].aws.version).toMatch(/^\d+\.\d+\.\d+$/)
    expect(only(main.resource, 'aws_instance')).toMatchObject({
      source_dest_check: false,
      instance_initiated_shutdown_behavior: 'terminate',
      associate_public_ip_address: true,
      metadata_options: [{ http_tokens: 'required', http_put_response_hop_limit: 1 }],
      root_block_device: [{ encrypted: true, volume_type: 'gp3', delete_on_termination: true }],
      user_data: '${each.value.boot_script}',
      tags: expect.stringContaining('mole:bastion'),
      volume_tags: expect.stringContaining('mole:bastion'),
    })
    expect(only(main.resource, 'aws_vpc_security_group_ingress_rule')).toMatchObject({
      cidr_ipv4: '${var.source_cidr}',
      ip_protocol: 'udp',
      from_port: 51_821,
      to_port: 51_836,
    })
    expect(main.resource.aws_route).toBeUndefined()
  })

  it('boot each bastion by the very script that Cloud Mole gives it', async () => {
    const set = await setOf()
    const { main, values } = await read(set)
    for (const [at, name] of ['b1', 'b2'].entries()) {
      const keys = (values.host_public_keys as Record<string, string[]>)[name] ?? []
      expect(keys).toEqual(keysOf(at + 1))
      const template = main.locals[0].bastions[name]?.boot_script ?? ''
      const script = template
        .replaceAll('$${', '\0')
        .replace(`\${join(" ", var.host_public_keys["${name}"])}`, keys.join(' '))
        .replaceAll('\0', '${')
        .replaceAll('%%{', '%{')
      expect(script).toBe(await renderUserData(set.plan, at + 1, keys))
    }
  })

  it('hold no private key, and none but the keys they were given', async () => {
    const set = await setOf()
    for (const { text } of terraformFiles(set))
      expect(() => refusePrivateKeys(text, set.hostPublicKeys?.flat() ?? [])).not.toThrow()
  })

  it('leave open what is not known, and say so', async () => {
    const set = await setOf({ sourceCidr: null, region: null, instanceTypes: ['t4g.nano'] }, {}, true)
    const { values, variables } = await read(set)
    expect(values).toEqual({ deployment: DEPLOYMENT, instance_type: 't4g.nano', market: 'on-demand' })
    expect(variables.variable.source_cidr?.[0]).not.toHaveProperty('default')
    expect(variables.variable.host_public_keys?.[0]).not.toHaveProperty('default')
    expect(terraformFiles(set).find(({ name }) => name === 'README.md')?.text).toContain('wg genkey')
  })

  it('lead the routes to the bastion only where asked, and only of marked tables', async () => {
    const { main } = await read(await setOf({ routing: 'routes' }, { tunnels: 4, bastions: 1 }))
    expect(only(main.resource, 'aws_route')).toMatchObject({ destination_cidr_block: '10.100.0.0/16' })
    expect(only(main.data, 'aws_route_tables')).toMatchObject({ tags: { 'mole:routes': 'allowed' } })
  })
})

const found = (process.env.PATH ?? '').split(delimiter).map((path) => join(path, 'terraform'))
const terraform = async (...argv: string[]): Promise<string | null> => {
  for (const program of found) {
    try {
      return (await promisify(execFile)(program, argv, { env: { ...process.env, CHECKPOINT_DISABLE: '1' } })).stdout
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    }
  }
  return null
}

describe('with Terraform itself', () => {
  let directory: string
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'mole-'))
  })
  afterEach(() => rmSync(directory, { recursive: true, force: true }))

  it('are in its own format', async (context) => {
    for (const { name, text } of terraformFiles(await setOf())) writeFileSync(join(directory, name), text)
    const unformatted = await terraform('fmt', '-list=true', '-write=false', directory)
    context.skip(unformatted === null, 'terraform is not installed')
    expect(unformatted).toBe('')
  })
})
