import Glibc
import Memory
import Testing

struct FileContentsTests {
  /// A file that this machine has no memory for is an error, not the end of a running server.
  @Test func fileBeyondMemoryIsRefused() async {
    await #expect(processExitsWith: .success) {
      var template = Array("/tmp/alula-test-XXXXXX".utf8CString)
      let descriptor = unsafe mkstemp(&template)
      let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
      defer { unsafe unlink(path) }
      // All hole: it takes no room on the disk.
      #expect(ftruncate(descriptor, 1 << 40) == 0)
      var limit = rlimit(rlim_cur: 1 << 39, rlim_max: 1 << 39)
      unsafe setrlimit(__rlimit_resource_t(9), &limit)
      do throws(FileError) {
        _ = try FileContents(path, limit: .max)
        exit(1)
      } catch {
        unsafe unlink(path)
        exit(error.description.contains("no memory") ? 0 : 1)
      }
    }
  }
}
