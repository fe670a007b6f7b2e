/**
 * Records of methods: all there are, and how to add one of your own.
 *
 * @module
 */
export type { Reference } from '../data/references';
export { harmonizedTo } from '../data/harmonize-to';
export { addMethod as add, allMethods as all } from '../methods/methods';
export type {
  CardTable,
  FileStorage,
  FolderStorage,
  HarmonizerMakers,
  HarmonizerOptions,
  Method,
  ModelCard,
  ModelKind,
  PreparedSlices,
  SliceInput,
  SliceMethod,
} from '../methods/method';
export { choiceOption, commandPart, valueOption } from '../methods/method-option';
export type {
  CommandPart,
  MethodOption,
  MethodOptions,
  OptionTypes,
  ValuesOf,
} from '../methods/method-option';
export type {
  ApplyCall,
  MethodCommand,
  ModelCovariate,
  ModelTable,
  ScansCall,
  ScansPart,
  TablesCall,
  TrainingCall,
  TrainingImages,
  TrainingPart,
  TrainingRange,
  TrainingSettings,
} from '../methods/method-command';
export type { StoredModel } from '../io/models/model-file';
export type { DoubleTable } from '../io/networks/safetensors-file';
export type { StoredNetwork, NetworkDescription } from '../data/networks/stored-network';
