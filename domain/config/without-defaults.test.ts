import { describe, expect, it } from 'vitest'
import { DeploymentPlan } from '../tunnel-plan.ts'
import { valuesOfPlan } from './plan-of.ts'
import { withoutDefaults } from './without-defaults.ts'

describe('values without defaults', () => {
  it('are only those that change something', () => {
    expect(withoutDefaults(valuesOfPlan(DeploymentPlan.parse({})))).toEqual({})
    expect(withoutDefaults(valuesOfPlan(DeploymentPlan.parse({ tunnels: 2, mtuBytes: 1400 })))).toEqual({
      deployment: { tunnels: 2 },
      tunnel: { mtu: 1400 },
    })
  })

  it('know one value by its other spellings', () => {
    expect(withoutDefaults({ scaling: { scale_up_threshold: '80%', scale_interval: '30000ms' } })).toEqual({})
    expect(withoutDefaults({ lab: { path_rate: '200Mbit/s' }, aws: { max_instances: 5 } })).toEqual({
      aws: { max_instances: 5 },
    })
  })
})
