import type { ReactNode } from 'react'
import css from './Facts.module.css'

export type Fact = { readonly name: string; readonly value: ReactNode }

/** Names and values in two columns. */
export const Facts = ({ facts }: { readonly facts: readonly Fact[] }) => (
  <dl className={css.facts}>
    {facts.map(({ name, value }) => (
      <div key={name} className={css.fact}>
        <dt>{name}</dt>
        <dd>{value}</dd>
      </div>
    ))}
  </dl>
)
