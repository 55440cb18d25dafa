import Wire

/// Who may ask and who may order, over TCP. The UNIX socket's file mode decides for those who come over it.
package struct Access: Sendable {
  /// What an order must show; nil: orders come over the UNIX socket only.
  package var token: Secret?
  /// Names that the server goes by beside addresses and `localhost`, in lower case.
  package var hosts: Set<String>

  package init(token: Secret? = nil, hosts: Set<String> = []) {
    self.token = token
    self.hosts = hosts
  }

  /// A secret that is only ever compared, in a time that does not depend on where the first difference is.
  package struct Secret: Sendable {
    private let octets: [UInt8]

    package init(_ text: String) { octets = Array(text.utf8) }

    package func matches(_ text: some StringProtocol) -> Bool {
      let other = Array(text.utf8)
      var difference = UInt8(octets.count == other.count ? 0 : 1)
      for i in octets.indices { difference |= octets[i] ^ (i < other.count ? other[i] : 0) }
      return difference == 0 && !octets.isEmpty
    }
  }

  /// Why a request is refused; nil: it is in order.
  func refusal(_ request: HTTPRequest) -> Refusal? {
    // Browsers send it with what a page asks for behind its reader's back; no client of ours is a page.
    if request.hasOrigin { return Refusal(403, "requests made by web pages (with Origin) are refused") }
    if request.isLocal { return nil }
    guard request.hostCount == 1, let host = request.host else { return Refusal(400, "one Host header, please") }
    guard isOurs(host) else {
      return Refusal(403, "this server does not go by the name in Host: use its address, or add to `control.hosts`")
    }
    return request.method == .post ? unauthorised(request) : nil
  }

  private func unauthorised(_ request: HTTPRequest) -> Refusal? {
    guard let token else {
      return Refusal(403, "orders need a token: set `control.token-file`, or use the UNIX socket in the state folder")
    }
    let prefix = "bearer "
    guard let shown = request.authorization, shown.lowercased().hasPrefix(prefix) else {
      return Refusal(401, "orders need a token: Authorization: Bearer TOKEN")
    }
    return token.matches(shown.dropFirst(prefix.count)) ? nil : Refusal(401, "the token is not right")
  }

  /// A page of another site can get at us under a name of its own (DNS rebinding), never under an address.
  private func isOurs(_ host: String) -> Bool {
    if SocketAddress(host) != nil { return true }
    let isBracketed = host.hasPrefix("[") && host.hasSuffix("]")
    if IPAddress(isBracketed ? host.dropFirst().dropLast() : host[...]) != nil { return true }
    let parts = host.lowercased().split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 1 || UInt16(parts[1]) != nil else { return false }
    let name = parts[0].hasSuffix(".") ? parts[0].dropLast() : parts[0]
    return name == "localhost" || hosts.contains(String(name))
  }
}

struct Refusal {
  let status: Int
  let text: String

  init(_ status: Int, _ text: String) {
    self.status = status
    self.text = text
  }
}
