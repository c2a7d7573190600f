import { Button, Group } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { ProblemNote } from '../../ui/ProblemNote.tsx'
import { toProblem } from '../../ui/to-problem.ts'
import css from './Dialogs.module.css'
import { closeQuestion } from './dialogs.ts'
import { NameField, useNewName } from './NameField.tsx'

type Props = {
  readonly firstName: string
  readonly verb: string
  readonly error: unknown
  readonly isPending: boolean
  readonly onConfirm: (name: string) => void
  /** More to be filled in. */
  readonly children?: ReactNode
}

/** Asks for the name of a profile. */
export const NameDialog = ({ firstName, verb, error, isPending, onConfirm, children }: Props) => {
  const [name, setName] = useState(firstName)
  const { isFit } = useNewName(name)
  return (
    <form
      className={css.form}
      onSubmit={(event) => {
        event.preventDefault()
        if (isFit) onConfirm(name)
      }}
    >
      <NameField name={name} onChange={setName} />
      {children}
      {error !== null && <ProblemNote problem={toProblem(error)} />}
      <Group justify="flex-end">
        <Button variant="default" onClick={closeQuestion}>
          Cancel
        </Button>
        <Button type="submit" loading={isPending} disabled={!isFit}>
          {verb}
        </Button>
      </Group>
    </form>
  )
}
