import type { AwsAnswer } from '../aws-answer.ts'
import type { AwsCall } from '../aws-call.ts'

/** Lets moto answer. */
export type Forward = () => Promise<AwsAnswer>

/** What stands in for moto where it is not as AWS is. */
export type Emulation = (call: AwsCall, forward: Forward) => Promise<AwsAnswer>

/** By `service:Action`. */
export type Emulations = Readonly<Record<string, Emulation>>

/** Values of `Name.1`, `Name.2`, … of a Query request, in order. */
export const listOf = ({ parameters }: AwsCall, name: string): string[] => {
  const found: string[] = []
  for (let at = 1; ; at += 1) {
    const value = parameters[`${name}.${at}`]
    if (typeof value !== 'string') return found
    found.push(value)
  }
}

/** A single value of a Query request; `''` when it is not there. */
export const parameterOf = ({ parameters }: AwsCall, name: string): string => {
  const value = parameters[name]
  return typeof value === 'string' ? value : ''
}

/** Tags that `TagSpecification` asks for on resources of one type. */
export const tagsFor = (call: AwsCall, resourceType: string): { readonly Key: string; readonly Value: string }[] => {
  const tags: { Key: string; Value: string }[] = []
  for (let at = 1; parameterOf(call, `TagSpecification.${at}.ResourceType`) !== ''; at += 1) {
    const name = `TagSpecification.${at}`
    if (parameterOf(call, `${name}.ResourceType`) !== resourceType) continue
    for (let tag = 1; parameterOf(call, `${name}.Tag.${tag}.Key`) !== ''; tag += 1)
      tags.push({
        Key: parameterOf(call, `${name}.Tag.${tag}.Key`),
        Value: parameterOf(call, `${name}.Tag.${tag}.Value`),
      })
  }
  return tags
}

export const isSuccess = ({ status }: AwsAnswer): boolean => status >= 200 && status < 300
