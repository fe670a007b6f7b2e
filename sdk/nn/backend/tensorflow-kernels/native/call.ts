/** What an operation is given by TensorFlow and gives back, one by one or as lists. */
export const callSource: string = `// The inputs and outputs of a kernel while it runs, freed with it.
class Call {
 public:
  explicit Call(TF_OpKernelContext* context) : context_(context), status_(TF_NewStatus()) {}
  ~Call() {
    if (TF_GetCode(status_) != TF_OK) TF_OpKernelContext_Failure(context_, status_);
    for (TF_Tensor* tensor : tensors_) TF_DeleteTensor(tensor);
    TF_DeleteStatus(status_);
  }

  int inputs() const { return TF_NumInputs(context_); }

  TF_Tensor* input(int index) {
    TF_Tensor* tensor = nullptr;
    TF_GetInput(context_, index, &tensor, status_);
    return kept(tensor);
  }

  TF_Tensor* output(int index, const std::vector<int64_t>& shape) {
    size_t bytes = sizeof(float);
    for (int64_t size : shape) bytes *= size;
    return kept(TF_AllocateOutput(context_, index, TF_FLOAT, shape.data(), int(shape.size()), bytes, status_));
  }

  std::vector<TF_Tensor*> inputsFrom(int first) {
    std::vector<TF_Tensor*> tensors;
    for (int index = first; index < inputs(); index++) tensors.push_back(input(index));
    return tensors;
  }

  // An input that becomes the output, in the same memory.
  void passOn(int index, TF_Tensor* input) { TF_SetOutput(context_, index, input, status_); }

  bool fine() const { return TF_GetCode(status_) == TF_OK; }

  void refuse(const char* why) { TF_SetStatus(status_, TF_INVALID_ARGUMENT, why); }

 private:
  TF_Tensor* kept(TF_Tensor* tensor) {
    if (tensor != nullptr) tensors_.push_back(tensor);
    return tensor;
  }
  TF_OpKernelContext* context_;
  TF_Status* status_;
  std::vector<TF_Tensor*> tensors_;
};

int32_t integerOf(TF_OpKernelConstruction* construction, const char* name) {
  int32_t value = 0;
  TF_Status* status = TF_NewStatus();
  TF_OpKernelConstruction_GetAttrInt32(construction, name, &value, status);
  TF_DeleteStatus(status);
  return value;
}

float floatOf(TF_OpKernelConstruction* construction, const char* name) {
  float value = 0;
  TF_Status* status = TF_NewStatus();
  TF_OpKernelConstruction_GetAttrFloat(construction, name, &value, status);
  TF_DeleteStatus(status);
  return value;
}

float* floats(TF_Tensor* tensor) { return static_cast<float*>(TF_TensorData(tensor)); }

std::vector<int64_t> shapeOf(TF_Tensor* tensor) {
  std::vector<int64_t> shape(TF_NumDims(tensor));
  for (size_t axis = 0; axis < shape.size(); axis++) shape[axis] = TF_Dim(tensor, int(axis));
  return shape;
}

int64_t sizeOf(TF_Tensor* tensor) { return TF_TensorElementCount(tensor); }

// A part of one of several tensors.
struct Part {
  int tensor;
  int64_t from, count;
};

std::vector<Part> partsOf(const std::vector<TF_Tensor*>& tensors) {
  std::vector<Part> parts;
  for (size_t tensor = 0; tensor < tensors.size(); tensor++) {
    const int64_t size = sizeOf(tensors[tensor]);
    for (int64_t from = 0; from < size; from += kBlock) parts.push_back({int(tensor), from, std::min(kBlock, size - from)});
  }
  return parts;
}

// Several lists of tensors of which those at the same place are of the same size; some are inputs, some outputs.
class Lists {
 public:
  Lists(Call& call, int first, int inputs, int outputs) {
    length_ = (call.inputs() - first) / inputs;
    for (int index = 0; index < inputs * length_; index++) tensors_.push_back(call.input(first + index));
    for (int index = length_; call.fine() && index < inputs * length_; index++)
      if (sizeOf(tensors_[index]) != sizeOf(tensors_[index % length_])) call.refuse("the lists do not belong together");
    for (int index = 0; call.fine() && index < outputs * length_; index++)
      tensors_.push_back(call.output(index, shapeOf(tensors_[index % length_])));
    if (!call.fine()) return;
    for (TF_Tensor* tensor : tensors_) floats_.push_back(floats(tensor));
    parts_ = partsOf({tensors_.begin(), tensors_.begin() + length_});
  }
  template <class Each>
  void overParts(const Each& each) const {
    Team::instance().run(int64_t(parts_.size()), [&](int64_t unit) { each(unit, parts_[unit]); });
  }
  size_t parts() const { return parts_.size(); }
  float* at(int list, const Part& part) const { return floats_[list * length_ + part.tensor] + part.from; }

 private:
  int length_;
  std::vector<TF_Tensor*> tensors_;
  std::vector<float*> floats_;
  std::vector<Part> parts_;
};
`;
