import { expect, it } from 'vitest'
import { ProbeTarget } from '../../../domain/probe/request.ts'
import { targetText } from './target-words.ts'

const deployed = (host: string | null) => ProbeTarget.parse({ kind: 'deployment', host })

it('says where what is up is measured to: in AWS a bastion, in the lab its research resource', () => {
  expect(targetText(deployed(null), 'lab')).toBe('the lab’s research resource, behind the tunnels')
  expect(targetText(deployed(null), 'aws')).toBe('the bastion at the end of one tunnel')
  expect(targetText(deployed(null), null)).not.toMatch(/lab|bastion/)
  expect(targetText(deployed('10.20.0.15'), 'aws')).toBe('10.20.0.15, behind the tunnels')
})
