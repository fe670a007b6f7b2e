/** Registers the operations with TensorFlow when the addon is loaded. */
export const registrationSource: string = `using Words = std::vector<const char*>;

void registerOperation(const char* name, const Words& attributes, const Words& inputs, const Words& outputs,
                       void (*compute)(void*, TF_OpKernelContext*),
                       void* (*make)(TF_OpKernelConstruction*) = nullptr, void (*destroy)(void*) = nullptr) {
  TF_Status* status = TF_NewStatus();
  TF_OpDefinitionBuilder* operation = TF_NewOpDefinitionBuilder(name);
  for (const char* attribute : attributes) TF_OpDefinitionBuilderAddAttr(operation, attribute);
  for (const char* input : inputs) TF_OpDefinitionBuilderAddInput(operation, input);
  for (const char* output : outputs) TF_OpDefinitionBuilderAddOutput(operation, output);
  TF_OpDefinitionBuilderSetShapeInferenceFunction(operation, &TF_ShapeInferenceContextSetUnknownShape);
  TF_RegisterOpDefinition(operation, status);
  if (TF_GetCode(status) == TF_OK) {
    TF_KernelBuilder* kernel = TF_NewKernelBuilder(name, "CPU", make, compute, destroy);
    TF_RegisterKernelBuilder(name, kernel, status);
  }
  TF_DeleteStatus(status);
}

const bool registered = [] {
  // TensorFlow ends the process when an operation is registered twice, and another copy of this addon may have been
  // loaded: by a second installation, or a test. The variable names the process, since children inherit it.
  const char* variable = "CONCORD_TENSORFLOW_KERNELS_OF";
  const std::string self = std::to_string(getpid());
  const char* registeredBy = std::getenv(variable);
  if (registeredBy != nullptr && self == registeredBy) return false;
  setenv(variable, self.c_str(), 1);
  const Words norm = {"M: int >= 1", "groups: int", "activation: int", "learned: int",
                      "maps: int",   "epsilon: float", "slope: float"};
  registerOperation("ConcordNormalizeGroups", norm, {"x: float", "affine: M * float"}, {"y: float"}, normKernel,
                    makeNorm, deleteNorm);
  registerOperation("ConcordNormalizeGroupsGradient", norm, {"x: float", "dy: float", "affine: M * float"},
                    {"dx: float", "daffine: M * float"}, normGradientKernel, makeNorm, deleteNorm);
  registerOperation("ConcordAddBias", {"K: int >= 0"}, {"x: float", "bias: float", "added: K * float"}, {"y: float"},
                    addBiasKernel);
  const Words convolution = {"K: int >= 0",    "same: int",  "resampling: int", "rectified: int", "biased: int",
                             "added: int", "tall: int",  "wide: int",       "slope: float",   "factor: float"};
  registerOperation("ConcordConvolve", convolution, {"x: float", "filter: float", "others: K * float"}, {"y: float"},
                    convolveKernel, makeConvolution, deleteConvolution);
  registerOperation("ConcordConvolveInput", convolution, {"dy: float", "filter: float", "others: K * float"},
                    {"dx: float"}, convolveInputKernel, makeConvolution, deleteConvolution);
  registerOperation("ConcordConvolveFilter", convolution, {"x: float", "dy: float", "others: K * float"},
                    {"dfilter: float"}, convolveFilterKernel, makeConvolution, deleteConvolution);
  registerOperation("ConcordLinear", {"K: int >= 0"},
                    {"x: float", "kernel: float", "bias: float", "added: K * float"}, {"y: float"}, linearKernel);
  registerOperation("ConcordAttention", {"heads: int"}, {"x: float"}, {"y: float"}, attentionKernel, makeHeads,
                    deleteInteger);
  registerOperation("ConcordAttentionGradient", {"heads: int"}, {"x: float", "dy: float"}, {"dx: float"},
                    attentionGradientKernel, makeHeads, deleteInteger);
  registerOperation("ConcordSilu", {}, {"x: float"}, {"y: float"}, siluKernel);
  registerOperation("ConcordSiluGradient", {}, {"x: float", "dy: float"}, {"dx: float"}, siluGradientKernel);
  registerOperation("ConcordLeakyReluGradient", {"slope: float"}, {"x: float", "dy: float"}, {"dx: float"},
                    leakyReluGradientKernel, makeSlope, deleteFloat);
  registerOperation("ConcordDouble", {"factor: float"}, {"x: float"}, {"y: float"}, doubleKernel, makeFactor,
                    deleteFloat);
  registerOperation("ConcordHalve", {"factor: float"}, {"x: float"}, {"y: float"}, halveKernel, makeFactor,
                    deleteFloat);
  registerOperation("ConcordSum", {"axis: int", "axes: int", "keep: int", "mean: int", "factor: float"},
                    {"x: float"}, {"y: float"}, sumKernel, makeSum, deleteSum);
  const Words length = {"N: int >= 1"};
  registerOperation("ConcordAdam", length,
                    {"settings: float", "param: N * float", "gradient: N * float", "m: N * float", "v: N * float"},
                    {"new_param: N * float", "new_m: N * float", "new_v: N * float"}, adamKernel);
  registerOperation("ConcordBlend", length, {"share: float", "from: N * float", "to: N * float"}, {"y: N * float"},
                    blendKernel);
  registerOperation("ConcordScale", length, {"factor: float", "x: N * float"}, {"y: N * float"}, scaleKernel);
  registerOperation("ConcordSumOfSquares", length, {"x: N * float"}, {"sum: float"}, sumOfSquaresKernel);
  return true;
}();

}  // namespace

// What Node asks of an addon: nothing is exported, loading it has registered the operations.
extern "C" __attribute__((visibility("default"))) void* napi_register_module_v1(void*, void* exports) {
  return exports;
}
`;
