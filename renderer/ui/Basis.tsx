import css from './Basis.module.css'

const WORDS = { measured: 'Measured', published: 'Published', estimated: 'Estimated', unknown: 'Not known' } as const

/** What a figure rests on, as a mark: nothing that was not measured goes without. */
export const Basis = ({ of }: { readonly of: keyof typeof WORDS }) => (
  <span className={css.basis} data-basis={of}>
    {WORDS[of]}
  </span>
)
