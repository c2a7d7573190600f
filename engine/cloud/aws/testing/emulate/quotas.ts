import { jsonAnswer } from '../aws-answer.ts'
import type { Account } from './account.ts'
import type { Emulation, Emulations } from './emulation.ts'

/** Names as Service Quotas gives them (EC2 User Guide, "On-Demand Instance quotas" and "Spot Instance quotas"). */
const NAMES: Readonly<Record<string, string>> = {
  'L-1216C47A': 'Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances',
  'L-34B43A08': 'All Standard (A, C, D, H, I, M, R, T, Z) Spot Instance Requests',
  'L-0263D0A3': 'EC2-VPC Elastic IPs',
}

const quotaOf = (region: string, code: string, value: number) => ({
  ServiceCode: 'ec2',
  ServiceName: 'Amazon Elastic Compute Cloud (Amazon EC2)',
  QuotaArn: `arn:aws:servicequotas:${region}:123456789012:ec2/${code}`,
  QuotaCode: code,
  QuotaName: NAMES[code] ?? code,
  Value: value,
  Unit: 'None',
  Adjustable: true,
  GlobalQuota: false,
})

/** moto knows quotas of `vpc` alone; those of `ec2` are the account's. */
export const quotaEmulations = ({ quotas }: Account): Emulations => {
  const one: Emulation = async ({ parameters, region }, forward) => {
    const code = String(parameters.QuotaCode)
    const value = quotas.get(code)
    return parameters.ServiceCode !== 'ec2' || value === undefined
      ? forward()
      : jsonAnswer({ Quota: quotaOf(region, code, value) })
  }
  const all: Emulation = async ({ parameters, region }, forward) =>
    parameters.ServiceCode === 'ec2'
      ? jsonAnswer({ Quotas: [...quotas].map(([code, value]) => quotaOf(region, code, value)) })
      : forward()
  return {
    'servicequotas:GetServiceQuota': one,
    'servicequotas:GetAWSDefaultServiceQuota': one,
    'servicequotas:ListServiceQuotas': all,
    'servicequotas:ListAWSDefaultServiceQuotas': all,
  }
}

/** moto's Pricing knows no `GetProducts`. What it lists is the account's, whatever the filters. */
export const pricingEmulations = ({ products }: Account): Emulations => ({
  'pricing:GetProducts': async () => jsonAnswer({ FormatVersion: 'aws_v1', PriceList: products }),
})
