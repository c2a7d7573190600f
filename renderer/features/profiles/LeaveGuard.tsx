import { Button, Group, Modal } from '@mantine/core'
import { useEffect } from 'react'
import { navigate, useHashLocation } from 'wouter/use-hash-location'
import { useLeaving } from '../../app/leaving.ts'
import css from './Dialogs.module.css'

type Props = {
  /** The page's own address. */
  readonly path: string
  readonly isDirty: boolean
  /** Saves; resolves to whether that succeeded. */
  readonly save: () => Promise<boolean>
}

/** The browser asks by itself before a tab with unsaved changes is closed or loaded anew. */
const useUnloadWarning = (isDirty: boolean): void =>
  useEffect(() => {
    if (!isDirty) return
    const warn = (event: BeforeUnloadEvent): void => event.preventDefault()
    window.addEventListener('beforeunload', warn)
    return () => window.removeEventListener('beforeunload', warn)
  }, [isDirty])

/** Holds the page while it has unsaved changes, and asks what to do with them when somebody wants to leave. */
export const LeaveGuard = ({ path, isDirty, save }: Props) => {
  const [location] = useHashLocation()
  const wanted = useLeaving((state) => state.wanted)
  useUnloadWarning(isDirty)
  useEffect(() => {
    useLeaving.setState({ held: isDirty ? path : null, wanted: null })
    return () => useLeaving.setState({ held: null, wanted: null })
  }, [isDirty, path])
  useEffect(() => {
    const { held } = useLeaving.getState()
    if (held === null || location === held) return
    // The browser's own buttons have changed the address already: it is put back, and the wish remembered.
    useLeaving.setState({ wanted: location })
    navigate(held)
  }, [location])

  const stay = (): void => useLeaving.setState({ wanted: null })
  const leave = (): void => {
    useLeaving.setState({ held: null, wanted: null })
    if (wanted !== null) navigate(wanted)
  }
  return (
    <Modal opened={wanted !== null} onClose={stay} title="Leave with unsaved changes?">
      <div className={css.form}>
        <p className={css.text}>What you changed in this profile is not saved.</p>
        <Group justify="flex-end">
          <Button variant="subtle" color="clay" onClick={leave}>
            Discard changes
          </Button>
          <Button variant="default" onClick={stay} data-autofocus>
            Stay
          </Button>
          <Button onClick={() => void save().then((isSaved) => (isSaved ? leave() : stay()))}>Save and leave</Button>
        </Group>
      </div>
    </Modal>
  )
}
