import { Select, TextInput } from '@mantine/core'
import { useState } from 'react'
import { describeType } from '../../../domain/config/describe-type.ts'
import type { ConfigKey } from '../../../domain/config/keys.ts'
import type { ConfigProblem } from '../../../domain/config/problem.ts'
import type { ConfigValue } from '../../../domain/config/resolve.ts'
import { fieldKindOf, fieldOfValue, valueOfField } from './field-value.ts'
import { inheritedNote } from './inherited-note.ts'
import css from './ProfileForm.module.css'

type Props = {
  readonly field: ConfigKey
  /** What the profile itself says; `undefined` when it says nothing. */
  readonly own: unknown
  /** What holds where it says nothing. */
  readonly inherited: ConfigValue | undefined
  readonly problem: ConfigProblem | undefined
  readonly onChange: (path: string, value: unknown) => void
}

/** `max_tunnels` as a label. */
const labelOf = (path: string): string => {
  const words = (path.split('.').at(-1) ?? path).replaceAll('_', ' ')
  const named = words
    .replace(/\b(mtu|mptcp|cidr|aws|vpc|tcp|nic|cpu|sriov)\b/g, (name) => name.toUpperCase())
    .replace('SRIOV', 'SR-IOV')
  return `${named.charAt(0).toUpperCase()}${named.slice(1)}`
}

const errorOf = (problem: ConfigProblem | undefined): string | null => {
  if (problem === undefined) return null
  const message = `${problem.message.charAt(0).toUpperCase()}${problem.message.slice(1)}.`
  return problem.nextStep === null ? message : `${message} ${problem.nextStep}`
}

/** One key. An empty field sets nothing: what is inherited, shown in it faintly, holds. */
export const KeyField = ({ field, own, inherited, problem, onChange }: Props) => {
  const kind = fieldKindOf(field)
  // While it is written in, what was typed stays as it was typed.
  const [typed, setTyped] = useState<string | null>(null)
  const written = fieldOfValue(own)
  const common = {
    label: labelOf(field.path),
    description: field.description,
    placeholder: fieldOfValue(inherited === undefined ? field.fallback : inherited.value),
    error: errorOf(problem),
    classNames: {
      root: css.parts ?? '',
      label: css.label ?? '',
      description: css.about ?? '',
      wrapper: css.input ?? '',
      error: css.error ?? '',
      input: 'mono',
    },
    'data-path': field.path,
  }
  return (
    <div className={css.field}>
      {kind.kind === 'choice' ? (
        <Select
          {...common}
          data={[...kind.choices]}
          value={kind.choices.includes(written) ? written : null}
          onChange={(choice) => onChange(field.path, choice === null ? undefined : valueOfField(field, choice))}
          clearable
          clearButtonProps={{ 'aria-label': `Inherit ${field.path}` }}
          inputWrapperOrder={['label', 'description', 'input', 'error']}
        />
      ) : (
        <TextInput
          {...common}
          value={typed ?? written}
          onFocus={() => setTyped(written)}
          onBlur={() => setTyped(null)}
          onChange={(event) => {
            setTyped(event.currentTarget.value)
            onChange(field.path, valueOfField(field, event.currentTarget.value))
          }}
          spellCheck={false}
          autoComplete="off"
          inputMode={kind.kind === 'number' && !kind.isList ? 'decimal' : 'text'}
          title={describeType(field.schema)}
          inputWrapperOrder={['label', 'description', 'input', 'error']}
        />
      )}
      <p className={css.note} data-set={own !== undefined}>
        {inheritedNote(own, inherited)}
      </p>
    </div>
  )
}
