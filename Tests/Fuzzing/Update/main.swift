import CFuzzer
import FuzzTargets

var count = CommandLine.argc
var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = unsafe CommandLine.unsafeArgv
let status = unsafe LLVMFuzzerRunDriver(&count, &arguments) { start, count in
  fuzzUpdate(unsafe Array(UnsafeBufferPointer(start: start, count: count)))
  return 0
}
