import { readdirSync, readFileSync } from 'node:fs'
import type { AppContract, AwsVpc, DoctorCheck, FoundDeployment } from '../../contract/app.ts'
import type { Handlers } from '../../contract/define.ts'
import { MoleError } from '../../contract/errors.ts'
import { CHECKS, LEFT_BEHIND, POLICY, RESEARCH_VPC, TERRAFORM } from './fake-aws-answers.ts'
import type { Unless } from './fake-engine.ts'

type AwsVerb = Extract<keyof AppContract, `aws.${string}` | `prices.${string}` | `terraform.${string}`>

export type FakeAwsOptions = {
  readonly vpcs?: readonly AwsVpc[]
  readonly awsChecks?: readonly DoctorCheck[]
  readonly leftBehind?: readonly FoundDeployment[]
}

const PRICES = new URL('../../resources/prices/', import.meta.url)

/** The document as it is shipped: the planner is the real one. */
const priceDocument = () => {
  const newest = readdirSync(PRICES).toSorted().at(-1) ?? ''
  return JSON.parse(readFileSync(new URL(newest, PRICES), 'utf8'))
}

export const expiredLogin = (profile: string): MoleError =>
  new MoleError('credentials-expired', 'The AWS session has expired.', {
    meaning: 'AWS answers nothing until you log in again; what is deployed goes on.',
    nextStep: `Log in again with: aws sso login --profile ${profile}`,
  })

/** An account of cardboard: one VPC, a policy, and what another run left behind. */
export const fakeAws = (options: FakeAwsOptions, unless: Unless): Pick<Handlers<AppContract>, AwsVerb> => {
  let left = [...(options.leftBehind ?? LEFT_BEHIND)]
  return {
    'aws.profiles': () => unless('aws.profiles', () => ({ profiles: ['default', 'research-aws'] })),
    'aws.identity': ({ profile, region }) =>
      unless('aws.identity', () => ({
        account: '123456789012',
        arn: `arn:aws:iam::123456789012:user/${profile === null ? 'ada' : `ada-${profile}`}`,
        region: region ?? 'us-west-2',
      })),
    'aws.regions': () =>
      unless('aws.regions', () => ({ regions: ['eu-north-1', 'eu-west-1', 'us-east-1', 'us-west-2'] })),
    'aws.networks': () => unless('aws.networks', () => ({ vpcs: [...(options.vpcs ?? [RESEARCH_VPC])] })),
    'aws.check': () => unless('aws.check', () => ({ checks: [...(options.awsChecks ?? CHECKS)] })),
    'aws.policy': () => unless('aws.policy', () => ({ text: POLICY })),
    'aws.find': ({ region }) => unless('aws.find', () => ({ region: region ?? 'us-west-2', found: left })),
    'aws.sweep': ({ deployments }) =>
      unless('aws.sweep', () => {
        const swept = left.filter(({ deployment }) => deployments.includes(deployment))
        left = left.filter(({ deployment }) => !deployments.includes(deployment))
        return {
          log: [
            ...swept.flatMap(({ resources }) => resources.map(({ kind, id }) => `${kind} ${id} is gone.`)),
            'Nothing with these tags is left.',
          ],
        }
      }),
    'prices.table': () => unless('prices.table', () => ({ document: priceDocument() })),
    'prices.refresh': ({ region }) =>
      unless('prices.refresh', () => {
        const document = priceDocument()
        const home = document.regions['us-west-2']
        const [source] = Object.keys(document.sources)
        const spotUsdPerHour = { 'c6gn.large': { least: 0.03, most: 0.05, source } }
        return {
          document: {
            ...document,
            compiled: '2026-11-22',
            regions: { ...document.regions, [region ?? 'us-west-2']: { ...home, spotUsdPerHour } },
          },
          changes: [`${region ?? 'us-west-2'}: 18 prices are new.`],
        }
      }),
    'terraform.prepare': () => Promise.reject(new MoleError('not-available', 'The fake engine has no Terraform.')),
    'terraform.discard': () => Promise.reject(new MoleError('not-available', 'The fake engine has no Terraform.')),
    'terraform.export': () => unless('terraform.export', () => ({ files: [...TERRAFORM] })),
  }
}
