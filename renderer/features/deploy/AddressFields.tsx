import { NumberInput, TextInput } from '@mantine/core'
import type { FormErrors } from '@mantine/form'
import { usePlanDraft } from './plan-draft.ts'
import css from './TunnelsStep.module.css'

/** What seldom needs a change: addresses inside the tunnels, and their MTU. */
export const AddressFields = ({ errors }: { readonly errors: FormErrors }) => {
  const { baseCidr, mtuBytes } = usePlanDraft()
  return (
    <details
      className={css.advanced}
      open={errors.baseCidr !== undefined || errors.mtuBytes !== undefined || undefined}
    >
      <summary>Advanced: addresses and MTU</summary>
      <div className={css.grid}>
        <TextInput
          label="Tunnel addresses"
          description="A /16 that neither side uses."
          spellCheck={false}
          classNames={{ input: 'mono' }}
          value={baseCidr}
          error={errors.baseCidr}
          onChange={({ currentTarget }) => usePlanDraft.setState({ baseCidr: currentTarget.value })}
        />
        <NumberInput
          label="MTU in the tunnels"
          description="That of the path less 60 bytes; an internet gateway lets 1500 through."
          suffix=" bytes"
          clampBehavior="none"
          allowNegative={false}
          value={mtuBytes}
          error={errors.mtuBytes}
          onChange={(value) => usePlanDraft.setState({ mtuBytes: value })}
        />
      </div>
    </details>
  )
}
