import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { observeProfiles, parseSharedFile, regionOf } from './profiles.ts'

const CONFIG = `# mine
[default]
region = eu-central-1   ; nearest
[profile research]
sso_session = lab
region=us-west-2
s3 =
  region = nowhere
[profile "with quotes"]
[profile 'quoted']
region = ap-south-1
[sso-session lab]
sso_region = us-east-1
[services x]
`

let directory: string
let environment: Record<string, string>

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'mole-'))
  environment = {
    HOME: directory,
    AWS_CONFIG_FILE: join(directory, 'config'),
    AWS_SHARED_CREDENTIALS_FILE: join(directory, 'credentials'),
  }
  await writeFile(join(directory, 'config'), CONFIG)
  await writeFile(join(directory, 'credentials'), '[old]\naws_access_key_id = AKIAEXAMPLE\nregion = us-east-2\n')
})
afterEach(() => rm(directory, { recursive: true }))

describe('profiles', () => {
  it('lists those of both files, and no other sections', async () => {
    expect(await observeProfiles(environment)).toEqual(['default', 'old', 'quoted', 'research'])
  })

  it('lists none where there are no files', async () => {
    expect(await observeProfiles({ HOME: join(directory, 'nobody') })).toEqual([])
  })

  it('keeps nested settings apart', () => {
    expect(parseSharedFile(CONFIG).get('profile research')?.get('region')).toBe('us-west-2')
  })
})

describe('the region', () => {
  it('is that of the profile', async () => {
    expect(await regionOf('research', environment)).toBe('us-west-2')
    expect(await regionOf('quoted', environment)).toBe('ap-south-1')
    expect(await regionOf('old', environment)).toBe('us-east-2')
    expect(await regionOf(null, environment)).toBe('eu-central-1')
    expect(await regionOf(null, { ...environment, AWS_PROFILE: 'research' })).toBe('us-west-2')
  })

  it('is that of the environment first', async () => {
    expect(await regionOf('research', { ...environment, AWS_REGION: 'sa-east-1' })).toBe('sa-east-1')
    expect(await regionOf('research', { ...environment, AWS_DEFAULT_REGION: 'sa-east-1' })).toBe('sa-east-1')
  })

  it('is asked for where nobody names one, or what is named is none', async () => {
    await expect(regionOf('unknown', environment)).rejects.toMatchObject({ code: 'bad-input' })
    await expect(regionOf(null, { ...environment, AWS_REGION: 'Oregon' })).rejects.toMatchObject({
      code: 'bad-input',
      message: expect.stringContaining('Oregon'),
    })
  })
})
