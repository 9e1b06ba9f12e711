export { chosenId, ruleName } from '@spillway/core/wording';
