"""Legal documents (文书): facts of a file and a template in, cited sentences out."""
