import { type ReactNode, useState } from 'react';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { ReasonField } from '../ui/field.tsx';

/** Where every change is looked at before it is made: what differs, whom it reaches, why, and one button to do it. */
export function ReviewFrame({
  title,
  description,
  confirm,
  wantsReason,
  isReady,
  isSaving,
  onConfirm,
  onClose,
  children,
  problem,
}: {
  title: string;
  description?: ReactNode;
  confirm: string;
  /** Whether a reason must be given. */
  wantsReason: boolean;
  /** Whether there is anything to save. */
  isReady: boolean;
  isSaving: boolean;
  onConfirm: (reason: string) => void;
  onClose: () => void;
  /** What differs and what it does. */
  children: ReactNode;
  /** Why it was not saved. */
  problem?: ReactNode;
}) {
  const [reason, setReason] = useState('');
  const isBlocked = !isReady || (wantsReason && reason.trim() === '');
  const submit = () => {
    if (!isBlocked) onConfirm(reason.trim());
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={title}
      {...(description === undefined ? {} : { description })}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" busy={isSaving} disabled={isBlocked} onClick={submit}>
            {confirm}
          </Button>
        </>
      }
    >
      <form
        className="space-y-4"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        {children}
        <ReasonField value={reason} onChange={setReason} required={wantsReason} autoFocus />
        {problem}
      </form>
    </Dialog>
  );
}
