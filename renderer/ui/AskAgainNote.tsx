import { Button } from '@mantine/core'
import type { UseQueryResult } from '@tanstack/react-query'
import { ProblemNote } from './ProblemNote.tsx'
import { toProblem } from './to-problem.ts'

type Props = { readonly query: Pick<UseQueryResult, 'error' | 'isFetching' | 'refetch'>; readonly label?: string }

/** Why a question has no answer, with a button that asks it again. */
export const AskAgainNote = ({ query, label = 'Look again' }: Props) => (
  <ProblemNote
    problem={toProblem(query.error)}
    actions={
      <Button size="xs" variant="default" loading={query.isFetching} onClick={() => void query.refetch()}>
        {label}
      </Button>
    }
  />
)
