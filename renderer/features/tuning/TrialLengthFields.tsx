import { NumberInput } from '@mantine/core'
import css from './Tuning.module.css'
import { arePairsSound, areSecondsSound, type TrialLength } from './trial-length.ts'

/** How often each option is measured without and with it, and for how long. */
export const TrialLengthFields = ({ length }: { readonly length: TrialLength }) => (
  <div className={css.numbers}>
    <NumberInput
      label="Pairs"
      description="Without, then with."
      clampBehavior="none"
      allowDecimal={false}
      allowNegative={false}
      value={length.pairs}
      error={arePairsSound(length.pairs) ? undefined : 'Must be from 2 to 20.'}
      onChange={length.setPairs}
    />
    <NumberInput
      label="Each for"
      description="Of traffic of its own."
      suffix=" s"
      clampBehavior="none"
      allowDecimal={false}
      allowNegative={false}
      value={length.seconds}
      error={areSecondsSound(length.seconds) ? undefined : 'Must be from 1 to 60 s.'}
      onChange={length.setSeconds}
    />
  </div>
)
