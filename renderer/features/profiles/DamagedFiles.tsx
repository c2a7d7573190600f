import { Button } from '@mantine/core'
import type { DamagedProfile } from '../../../contract/app.ts'
import { ProblemNote } from '../../ui/ProblemNote.tsx'
import { toProblem } from '../../ui/to-problem.ts'
import { useRestoreProfile } from './profile-acts.ts'

const Damaged = ({ name, movedTo, hasBackup }: DamagedProfile) => {
  const restore = useRestoreProfile()
  return (
    <>
      <ProblemNote
        tone="warn"
        problem={{
          code: 'bad-input',
          message: `The file of the profile “${name}” held no text and was set aside.`,
          data: {
            meaning: `It is kept as ${movedTo}.`,
            nextStep: hasBackup
              ? 'Restore the text it had before, or remove that file.'
              : 'Look into that file, or remove it; then make the profile anew.',
          },
        }}
        actions={
          hasBackup && (
            <Button
              size="compact-sm"
              variant="default"
              loading={restore.isPending}
              onClick={() => restore.mutate(name)}
            >
              Restore “{name}”
            </Button>
          )
        }
      />
      {restore.error !== null && <ProblemNote problem={toProblem(restore.error)} />}
    </>
  )
}

/** Profiles whose files a crash or a broken disk has destroyed: where they are, and the way back. */
export const DamagedFiles = ({ damaged }: { readonly damaged: readonly DamagedProfile[] }) =>
  damaged.map((each) => <Damaged key={each.movedTo} {...each} />)
