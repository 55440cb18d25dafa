import Memory

extension BenchReport {
  package func writePage(to path: String) throws(BenchError) {
    do throws(FileError) { try FileOutput.write(text, to: path) } catch {
      throw BenchError("cannot write the page: \(error)")
    }
  }
}
