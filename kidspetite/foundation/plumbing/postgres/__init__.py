"""The embedded PostgreSQL: one server a folder, shared by every process that needs it.

`ensure_server(data_dir)` gives a running server for as long as this process lives; `embedded_url(data_dir)` tells where
it is without starting anything.
"""

from kidspetite.foundation.plumbing.postgres.cluster import Cluster, ServerFailed
from kidspetite.foundation.plumbing.postgres.sharing import embedded_url, ensure_server, release_server

__all__ = ["Cluster", "ServerFailed", "embedded_url", "ensure_server", "release_server"]
