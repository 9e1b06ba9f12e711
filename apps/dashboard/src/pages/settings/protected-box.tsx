import { CheckBox } from '../../ui/check-box.tsx';

/** Whether changes of an environment want a reason. */
export function ProtectedBox(state: { checked: boolean; onChange: (checked: boolean) => void }) {
  return <CheckBox title="Protected" hint="Every change shows its difference first and wants a reason." {...state} />;
}
